/** A model of each family as wide as the paper's, of one layer and few pieces of vocabulary, with a loss of its logits. */
import { type HostArray, hostArray, key, mapTree, pathName, randomWords, sizeOf, split } from '@gmlp/base';
import { createModel, familyOf, findVariant, type ModelConfig, type ModelOptions, type VariantName } from '@gmlp/models';
import { softmaxCrossEntropy } from '@gmlp/ops';
import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { normal } from './host-inputs.ts';
import { type MeanGradients, meanGradients } from './mean-gradients.ts';

/** Of every family a variant, and of those with several forms the others. */
export const wideModels: readonly VariantName[] = [
  'gmlp_mlm_36',
  'gmlp_causal_base',
  'amlp_base',
  'bert_mlm_absolute',
  'bert_mlm_12_12',
  'mixer_mlm_18',
  'transformer_base',
  'gmlp_s16_224',
  'mixer_b16_224',
  'resmlp_24_224',
  'deit_small_patch16_224',
];

const vocabulary = 4096;

/** Of ids three of four are of four pieces, as the commonest words of a text. */
function textLike(name: string, count: number, bound: number): Int32Array {
  return Int32Array.from(randomWords(split(key(11), name), count), (word) =>
    word % 4 === 0 ? (word >>> 2) % bound : (word >>> 2) % Math.min(4, bound),
  );
}

export interface WideModel {
  readonly parameters: object;
  readonly inputs: Readonly<Record<string, HostArray>>;
  readonly step: (parameters: object, inputs: Record<string, Tensor>) => MeanGradients<object>;
}

/** `rows` tokens or patches of text or images, in samples as long as the model's. */
export function wideModel(name: VariantName, rows = 2048): WideModel {
  const { config: whole } = createModel(findVariant(name).config as ModelOptions);
  const narrower = 'vocabulary' in whole ? { vocabulary } : {};
  const { config } = createModel({ ...whole, ...narrower, layers: 1 } as ModelOptions) as { config: ModelConfig };
  const { apply, spec } = familyOf(config).forward(config);
  const { tokens } = familyOf(config).facts(config);
  const batch = Math.max(1, Math.ceil(rows / tokens));
  const inputs = Object.fromEntries(
    Object.entries(familyOf(config).inputs(config)).map(([input, { dtype, shape: described, below }]) => {
      const shape = described.map((extent) => (extent === 'batch' ? batch : extent));
      if (dtype !== 'int32') return [input, normal(input, shape)];
      return [input, hostArray('int32', shape, textLike(input, sizeOf(shape), below ?? vocabulary))];
    }),
  );
  const parameters = mapTree<{ readonly shape: readonly number[] }, HostArray, unknown>(spec, ({ shape }, path) =>
    normal(pathName(path), shape, shape.length === 2 ? shape[0]! ** -0.5 : 0.5),
  ) as object;
  return {
    parameters,
    inputs,
    step: (params, given) =>
      meanGradients(
        (p: object, b: Record<string, Tensor>) => lossOf(apply(p, b, { training: true, key: key(1) }), name),
        params,
        given,
        key(1),
      ),
  };
}

function lossOf(logits: Tensor, name: string) {
  const shape = logits.shape.slice(0, -1);
  const labels = textLike(`labels of ${name}`, sizeOf(shape), logits.shape.at(-1)!);
  return softmaxCrossEntropy(logits, tf.tensor(labels, shape, 'int32'));
}
