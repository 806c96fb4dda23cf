/** The loss of a classifier of texts, and how often it is right. */
import { inference } from '@gmlp/layers';
import { type CreatedModel, familyOf } from '@gmlp/models';
import { softmaxCrossEntropy } from '@gmlp/ops';
import { evaluation, type Objective } from '@gmlp/training';
import type { Tensor } from '@tensorflow/tfjs-core';
import { classificationFigures, confusions } from './classification-figures.ts';

export interface ClassifiedTexts {
  /** int32 `[batch, tokens]` */
  readonly ids: Tensor;
  /** int32 `[batch, tokens]`: 1 behind the first text of a pair; of models that tell them apart. */
  readonly segments?: Tensor;
  /** int32 `[batch, tokens]`: 0 where a row is filled up; of models with attention that is told. */
  readonly mask?: Tensor;
  /** int32 `[batch]`; -100 counts in nothing. */
  readonly labels: Tensor;
}

interface Part {
  readonly sum: number;
  readonly count: number;
  /** The label of each text, and the likeliest class. */
  readonly judged: readonly (readonly [number, number])[];
}

export function classificationObjective({ config }: CreatedModel): Objective<unknown, ClassifiedTexts, undefined> {
  const family = familyOf(config);
  const { apply } = family.forward(config);
  const { classes } = family.facts(config);
  return {
    loss: (params, { labels, ...text }, context) => softmaxCrossEntropy(apply(params, text, context), labels),
    evaluator: evaluation({
      outputs(params: unknown, { labels, ...text }: ClassifiedTexts) {
        const logits = apply(params, text, inference);
        return { ...softmaxCrossEntropy(logits, labels), logits, labels };
      },
      part({ sum, count, logits, labels }): Part {
        const judged: [number, number][] = [];
        for (const [row, label] of labels.data.entries()) {
          if (label >= 0) judged.push([label, likeliest(logits.data.subarray(row * classes!, (row + 1) * classes!))]);
        }
        return { sum: sum.data[0]!, count: count.data[0]!, judged };
      },
      figures(parts) {
        const total = (of: 'sum' | 'count'): number => parts.reduce((all, each) => all + each[of], 0);
        const judged = parts.flatMap((part) => part.judged);
        return { ...classificationFigures(confusions(classes!, judged)), loss: total('sum') / total('count') };
      },
    }),
  };
}

/** Of equal ones the first. */
function likeliest(logits: ArrayLike<number>): number {
  let best = 0;
  for (let place = 1; place < logits.length; place++) if (logits[place]! > logits[best]!) best = place;
  return best;
}
