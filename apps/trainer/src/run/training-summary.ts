import { formatDuration, formatNumber } from '@gmlp/training';

/** What a finished run has come to. */
export interface TrainingSummary {
  /** The folder of the run. */
  readonly run: string;
  readonly recipe: string;
  /** `early`: validation no longer became better. */
  readonly outcome: 'finished' | 'early';
  readonly step: number;
  readonly steps: number;
  /** The model directory, and the step whose parameters it holds. */
  readonly model: string;
  readonly modelStep: number;
  readonly valPerplexity: number;
  /** Of the averaged parameters, if they are kept. */
  readonly emaValPerplexity?: number;
  /** Of a model that knows only how often each piece occurs. */
  readonly unigramPerplexity: number;
  readonly parameters: number;
  /** Of training, all sessions together. */
  readonly seconds: number;
}

export function formatSummary(summary: TrainingSummary): string {
  const { outcome, step, steps, model, modelStep, valPerplexity, emaValPerplexity, unigramPerplexity, seconds } = summary;
  const how =
    outcome === 'early'
      ? `stopped early at step ${formatNumber(step)} of ${formatNumber(steps)}`
      : `${formatNumber(steps)} steps`;
  return [
    `${how} in ${formatDuration(seconds)}; the model of step ${formatNumber(modelStep)} is in ${model}`,
    `validation perplexity ${formatNumber(valPerplexity)}`,
    ...(emaValPerplexity === undefined ? [] : [`averaged parameters   ${formatNumber(emaValPerplexity)}`]),
    `unigram perplexity    ${formatNumber(unigramPerplexity)}`,
    '',
  ].join('\n');
}
