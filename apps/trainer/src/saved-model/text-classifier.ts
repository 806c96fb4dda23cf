/** What a saved classifier finds likely, text by text. */
import { expectScores, hostArray, probabilitiesOf } from '@gmlp/base';
import { type Device, disposeTree } from '@gmlp/devices';
import { inference } from '@gmlp/layers';
import { familyOf } from '@gmlp/models';
import type { LabelledText } from '@gmlp/text';
import type { Tensor } from '@tensorflow/tfjs-core';
import { classificationInputs } from '../tasks/classification/classification-inputs.ts';
import { rowInputs } from '../tasks/classification/text-batches.ts';
import { rowIds, rowOf } from '../tasks/classification/text-rows.ts';
import type { LoadedTextClassifier } from './load-text-classifier.ts';

export interface TextJudgement {
  /** Of each class, in the order of the model's. */
  readonly probabilities: Float64Array;
  /** How many pieces of the text were behind the end of what the model reads. */
  readonly cut: number;
}

export interface TextClassifier {
  /** At most `atOnce` texts. */
  judge(texts: readonly Pick<LabelledText, 'first' | 'second'>[]): Promise<readonly TextJudgement[]>;
  /** Frees the parameters on the device and what was compiled; a later call is an error. */
  dispose(): Promise<void>;
}

/** Texts that go through the model at once. */
export const textsAtOnce = 32;

/** Compiles for one text and for `textsAtOnce`, and puts the parameters on the device once. */
export function textClassifier(
  device: Device,
  { config, apply, params: values, tokenizer }: LoadedTextClassifier,
): TextClassifier {
  const inputs = classificationInputs(config);
  const { tokens } = familyOf(config).facts(config);
  const frame = rowIds(tokenizer);
  const scores = device.compile((params: unknown, given: Readonly<Record<string, Tensor>>) => apply(params, given, inference));
  const params = device.put<unknown>(values);
  return {
    async judge(texts) {
      const rows = texts.map((text) => rowOf(text, tokenizer, frame, tokens));
      const count = texts.length === 1 ? 1 : textsAtOnce; // a graph for each other number would take longer than what it saves
      const filled = rowInputs(rows, count, { tokens, padding: frame.padding });
      const arrays = inputs.map((name) => [name, hostArray('int32', [count, tokens], filled[name])] as const);
      const given = device.put<Readonly<Record<string, Tensor>>>(Object.fromEntries(arrays));
      try {
        const logits = await scores(params, given);
        try {
          const { data, shape } = await device.read(logits);
          const classes = shape[1]!;
          return rows.map(({ cut }, row) => {
            const own = data.subarray(row * classes, (row + 1) * classes);
            expectScores('textClassifier', own);
            return { probabilities: probabilitiesOf(own), cut };
          });
        } finally {
          disposeTree(logits);
        }
      } finally {
        disposeTree(given);
      }
    },
    async dispose() {
      disposeTree(params);
      await scores.dispose();
    },
  };
}
