/** What is kept of a run of a mini recipe. */
import type { Recipe } from './recipe.ts';

export interface MiniRun {
  /** Its settings, but for what it claims. */
  readonly recipe: Omit<Recipe, 'claim' | 'command'>;
  readonly device: string;
  readonly machine: { readonly cpu: string; readonly cores: number; readonly node: string };
  /** The mean losses of the first steps, by the step of their record: what says that the code still trains so. */
  readonly firstLosses: readonly (readonly [step: number, loss: number])[];
  /** Means over the records of the run. */
  readonly gflopsPerSecond: number;
  readonly productShare: number;
  /** The last line of its metrics.jsonl. */
  readonly end: {
    readonly valLoss: number;
    readonly valPerplexity: number;
    readonly valBitsPerByte: number;
    readonly unigramLoss: number;
    readonly unigramPerplexity: number;
    readonly parameters: number;
    readonly seconds: number;
    readonly peakBytes: number;
  };
}
