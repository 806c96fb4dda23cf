/** A record under the names that TensorBoard groups its charts by. */
import type { EvaluationRecord, Figures, Metrics } from '@gmlp/training';

export function trainingFigures({ loss, figures, learningRate, unitsPerSecond, speed, split }: Metrics, unit: string): Figures {
  return {
    ...under('training', { loss, ...figures }),
    'learning rate': learningRate,
    [`${unit} a second`]: unitsPerSecond,
    ...(speed && { 'GFLOP a second': speed.flops / 1e9, 'share of the product rate': speed.productShare }),
    ...Object.fromEntries(Object.entries(split).map(([part, seconds]) => [`seconds/${part}`, seconds])),
  };
}

export function evaluationFigures({ figures, average = {} }: EvaluationRecord): Figures {
  return { ...under('validation', figures), ...under('validation of the average', average) };
}

function under(of: string, figures: Figures): Figures {
  return Object.fromEntries(Object.entries(figures).map(([name, value]) => [`${name}/${of}`, value]));
}
