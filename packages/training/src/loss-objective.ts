/** The objective of a task whose figures all follow from its mean loss. */
import { GmlpError } from '@gmlp/base';
import { inference } from '@gmlp/layers';
import { evaluation } from './evaluation.ts';
import type { Figures, LossFunction, LossSum, Objective } from './objective.ts';

/**
 * Measures `loss`, (sum of all losses) / (count of all), and what `figures` makes of it; `{ perplexity: Math.exp(loss) }` for a
 * language model. The loss must count something in all batches together.
 */
export function lossObjective<P, B>(
  loss: LossFunction<P, B>,
  figures: (meanLoss: number) => Figures = () => ({}),
): Objective<P, B> {
  return {
    loss,
    figures,
    evaluator: evaluation<P, B, unknown, LossSum, { readonly sum: number; readonly count: number }>({
      outputs: (params, batch) => loss(params, batch, inference),
      part: ({ sum, count }) => ({ sum: sum.data[0]!, count: count.data[0]! }),
      figures(parts) {
        const [sum, count] = parts.reduce(([sums, counts], each) => [sums + each.sum, counts + each.count], [0, 0]);
        if (count === 0) {
          throw new GmlpError('invalid-data', `evaluation: no label counted in ${parts.length} batches; give more of them`);
        }
        if (!Number.isFinite(sum)) {
          throw new GmlpError('numerical', `evaluation: the loss is ${sum}; the parameters hold NaN or infinity`);
        }
        const mean = sum / count;
        return { loss: mean, ...figures(mean) };
      },
    }),
  };
}
