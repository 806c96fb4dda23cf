/** A record under the names that TensorBoard groups its charts by. */
import type { Metrics } from '@gmlp/training';
import type { EvaluationRecord } from './evaluation-record.ts';

export function trainingFigures({ loss, perplexity, learningRate, tokensPerSecond, split }: Metrics): Record<string, number> {
  return {
    'loss/training': loss,
    'perplexity/training': perplexity,
    'learning rate': learningRate,
    'tokens a second': tokensPerSecond,
    ...Object.fromEntries(Object.entries(split).map(([part, seconds]) => [`seconds/${part}`, seconds])),
  };
}

export function evaluationFigures(record: EvaluationRecord): Record<string, number> {
  const { valLoss, valPerplexity, emaValLoss, emaValPerplexity } = record;
  return {
    'loss/validation': valLoss,
    'perplexity/validation': valPerplexity,
    ...(emaValLoss !== undefined && { 'loss/validation of the average': emaValLoss }),
    ...(emaValPerplexity !== undefined && { 'perplexity/validation of the average': emaValPerplexity }),
  };
}
