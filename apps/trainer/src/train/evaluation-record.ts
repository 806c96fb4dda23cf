/** What is measured on the held-out documents after a step. */
export interface EvaluationRecord {
  readonly step: number;
  /** Nats per masked token. */
  readonly valLoss: number;
  readonly valPerplexity: number;
  /** The same of the running average of the parameters, if one is kept. */
  readonly emaValLoss?: number;
  readonly emaValPerplexity?: number;
}

/** The one with the lowest loss of the parameters; of equal ones the first. */
export function bestEvaluation(evaluations: readonly EvaluationRecord[]): EvaluationRecord | undefined {
  return evaluations.reduce<EvaluationRecord | undefined>(
    (best, each) => (best === undefined || each.valLoss < best.valLoss ? each : best),
    undefined,
  );
}
