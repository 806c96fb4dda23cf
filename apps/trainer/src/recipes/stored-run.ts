/** What is kept of every run whose figures a claim or a page of the docs has; `End` are those of its last line. */
export interface StoredRun<End> {
  readonly device: string;
  readonly machine: { readonly cpu: string; readonly cores: number; readonly node: string };
  /** The mean losses of the first steps, by the step of their record: what says that the code still trains so. */
  readonly firstLosses: readonly (readonly [step: number, loss: number])[];
  /** Means over the records of the run. */
  readonly gflopsPerSecond: number;
  readonly productShare: number;
  /** The last line of its metrics.jsonl. */
  readonly end: End & { readonly parameters: number; readonly seconds: number; readonly peakBytes: number };
}
