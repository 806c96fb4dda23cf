/** Every op with inputs of a chosen size: what the suites over devices run. A case's name begins with that of its op. */
import { type HostArray, hostArray, key, leavesOf, randomWords, split } from '@gmlp/base';
import { tiedLogits } from '@gmlp/layers';
import {
  adamw,
  attend,
  attentionScores,
  clipByGlobalNorm,
  dense,
  dropout,
  dropPath,
  embedding,
  gatherPositions,
  gelu,
  globalNorm,
  layerNorm,
  lion,
  scatterAdd,
  sgd,
  softmaxCrossEntropy,
  spatialGate,
  spatialProjection,
  toeplitz,
} from '@gmlp/ops';
import type { Scalar, Tensor, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { ints, normal } from './host-inputs.ts';

export interface Sizes {
  readonly batch: number;
  readonly tokens: number;
  readonly channels: number;
  readonly outputs: number;
}

export interface OpCase {
  readonly inputs: readonly HostArray[];
  readonly fn: (...inputs: Tensor[]) => Tensor;
  /** What is done with gradients has none of its own. */
  readonly forwardOnly?: boolean;
}

const seed = key(1);

/** Whole numbers below `bound`, the same for the same name. */
function below(bound: number, count: number, name: string): number[] {
  return Array.from(randomWords(split(seed, name), count), (word) => word % bound);
}

export const opCases: Readonly<Record<string, (sizes: Sizes) => OpCase>> = {
  'gelu erf': ({ batch, tokens, channels }) => ({ inputs: [normal('x', [batch, tokens, channels], 1.5)], fn: (x) => gelu(x!) }),
  'gelu tanh': ({ batch, tokens, channels }) => ({
    inputs: [normal('x', [batch, tokens, channels], 1.5)],
    fn: (x) => gelu(x!, 'tanh'),
  }),
  layerNorm: ({ batch, tokens, channels }) => ({
    inputs: [normal('x', [batch, tokens, channels + 3]), normal('scale', [channels + 3]), normal('offset', [channels + 3])],
    fn: (x, scale, offset) => layerNorm(x!, scale as Tensor1D, offset as Tensor1D, 1e-5),
  }),
  dense: ({ batch, tokens, channels, outputs }) => ({
    inputs: [normal('x', [batch, tokens, channels]), normal('weight', [channels, outputs]), normal('bias', [outputs])],
    fn: (x, weight, bias) => dense(x!, weight as Tensor2D, bias as Tensor1D),
  }),
  'dense without bias': ({ batch, channels, outputs }) => ({
    inputs: [normal('x', [batch, channels]), normal('weight', [channels, outputs])],
    fn: (x, weight) => dense(x!, weight as Tensor2D),
  }),
  tiedLogits: ({ batch, tokens, channels, outputs }) => ({
    inputs: [normal('x', [batch, tokens, channels]), normal('table', [outputs, channels])],
    fn: (x, table) => tiedLogits(x!, table as Tensor2D),
  }),
  spatialProjection: ({ batch, tokens, channels }) => ({
    inputs: [normal('x', [batch, tokens, channels]), normal('weight', [tokens, tokens]), normal('bias', [tokens])],
    fn: (x, weight, bias) => spatialProjection(x as Tensor3D, weight as Tensor2D, bias as Tensor1D),
  }),
  'spatialProjection causal': ({ batch, tokens, channels }) => ({
    inputs: [normal('x', [batch, tokens, channels]), normal('weight', [tokens, tokens]), normal('bias', [tokens])],
    fn: (x, weight, bias) => spatialProjection(x as Tensor3D, weight as Tensor2D, bias as Tensor1D, { causal: true }),
  }),
  'spatialProjection of a Toeplitz matrix': ({ batch, tokens, channels }) => ({
    inputs: [normal('x', [batch, tokens, channels]), normal('t', [2 * tokens - 1]), normal('bias', [tokens])],
    fn: (x, t, bias) => spatialProjection(x as Tensor3D, toeplitz(t as Tensor1D), bias as Tensor1D),
  }),
  spatialGate: ({ batch, tokens, channels }) => ({
    inputs: [
      normal('u', [batch, tokens, channels]),
      normal('v', [batch, tokens, channels]),
      normal('weight', [tokens, tokens]),
      normal('bias', [tokens]),
    ],
    fn: (u, v, weight, bias) => spatialGate(u as Tensor3D, v as Tensor3D, weight as Tensor2D, bias as Tensor1D),
  }),
  'spatialGate causal': ({ batch, tokens, channels }) => ({
    inputs: [
      normal('u', [batch, tokens, channels]),
      normal('v', [batch, tokens, channels]),
      normal('weight', [tokens, tokens]),
      normal('bias', [tokens]),
    ],
    fn: (u, v, weight, bias) => spatialGate(u as Tensor3D, v as Tensor3D, weight as Tensor2D, bias as Tensor1D, { causal: true }),
  }),
  toeplitz: ({ tokens }) => ({ inputs: [normal('t', [2 * tokens - 1])], fn: (t) => toeplitz(t as Tensor1D) }),
  attentionScores: ({ batch, tokens, channels, outputs }) => ({
    inputs: [normal('q', [batch, 2, tokens, channels]), normal('k', [batch, 2, outputs, channels])],
    fn: (q, k) => attentionScores(q!, k!),
  }),
  attend: ({ batch, tokens, channels, outputs }) => ({
    inputs: [normal('s', [batch, 2, tokens, outputs]), normal('v', [batch, 2, outputs, channels])],
    fn: (s, v) => attend(s!, v!),
  }),
  'attend with dropout': ({ batch, tokens, channels, outputs }) => ({
    inputs: [normal('s', [batch, tokens, outputs]), normal('v', [batch, outputs, channels])],
    fn: (s, v) => attend(s!, v!, { rate: 0.4, key: split(seed, 'attend') }),
  }),
  'attend with shared scores': ({ batch, tokens, channels, outputs }) => ({
    inputs: [normal('s', [1, 2, tokens, outputs]), normal('v', [batch, 2, outputs, channels])],
    fn: (s, v) => attend(s!, v!),
  }),
  embedding: ({ batch, tokens, channels, outputs }) => ({
    inputs: [ints([batch, tokens], below(outputs, batch * tokens, 'ids')), normal('table', [outputs, channels])],
    fn: (ids, table) => embedding(ids!, table as Tensor2D),
  }),
  gatherPositions: ({ batch, tokens, channels, outputs }) => ({
    inputs: [normal('x', [batch, tokens, channels]), ints([batch, outputs], below(tokens, batch * outputs, 'positions'))],
    fn: (x, positions) => gatherPositions(x as Tensor3D, positions as Tensor2D),
  }),
  softmaxCrossEntropy: ({ batch, tokens, outputs }) => ({
    inputs: [
      normal('logits', [batch, tokens, outputs], 2),
      ints(
        [batch, tokens],
        below(outputs, batch * tokens, 'labels').map((label, i) => (i % 3 === 1 ? -100 : label)),
      ),
    ],
    fn: (logits, labels) => softmaxCrossEntropy(logits!, labels!).sum,
  }),
  'softmaxCrossEntropy smoothed': ({ batch, outputs }) => ({
    inputs: [
      normal('logits', [batch, outputs], 2),
      ints(
        [batch],
        below(outputs, batch, 'labels').map((label, i) => (i % 3 === 1 ? -100 : label)),
      ),
    ],
    fn: (logits, labels) => softmaxCrossEntropy(logits!, labels!, { labelSmoothing: 0.1 }).sum,
  }),
  dropout: ({ batch, tokens, channels }) => ({
    inputs: [normal('x', [batch, tokens, channels])],
    fn: (x) => dropout(x!, 0.4, split(seed, 'dropout')),
  }),
  dropPath: ({ batch, tokens, channels }) => ({
    inputs: [normal('x', [batch, tokens, channels])],
    fn: (x) => dropPath(x!, 0.4, split(seed, 'dropPath')),
  }),
  scatterAdd: ({ batch, tokens, channels }) => ({
    inputs: [ints([batch * tokens], below(tokens, batch * tokens, 'rows')), normal('updates', [batch * tokens, channels])],
    fn: (rows, updates) => scatterAdd(rows as Tensor1D, updates as Tensor2D, tokens),
    forwardOnly: true,
  }),
  globalNorm: ({ batch, channels, outputs }) => ({
    inputs: [normal('a', [batch, channels]), normal('b', [outputs])],
    fn: (a, b) => globalNorm([a!, b!]),
    forwardOnly: true,
  }),
  clipByGlobalNorm: ({ batch, channels, outputs }) => ({
    inputs: [normal('a', [batch, channels]), normal('b', [outputs])],
    fn: (a, b) => flat(clipByGlobalNorm([a, b], 0.5)),
    forwardOnly: true,
  }),
  // From parameters of 0, so that the result is the update itself.
  'adamw, its first step': ({ channels, outputs }) => ({
    inputs: [normal('gradient', [channels, outputs]), scalar(0), scalar(0.1)],
    fn: (gradient, step, rate) => {
      const zeros = tf.zerosLike(gradient!);
      const state = { step: step as Scalar, mean: zeros, variance: zeros };
      return flat(adamw(zeros, state, gradient!, rate as Scalar));
    },
    forwardOnly: true,
  }),
  'adamw, a later step': ({ channels, outputs }) => ({
    inputs: [
      ...['parameter', 'mean', 'gradient'].map((name) => normal(name, [channels, outputs])),
      magnitudes(normal('variance', [channels, outputs])),
      ...[scalar(40), scalar(0.1)],
    ],
    fn: (parameter, mean, gradient, variance, step, rate) => {
      const state = { step: step as Scalar, mean: mean!, variance: variance! };
      return flat(adamw(parameter!, state, gradient!, rate as Scalar));
    },
    forwardOnly: true,
  }),
  lion: ({ channels, outputs }) => ({
    inputs: [...['parameter', 'gradient', 'mean'].map((name) => normal(name, [channels, outputs])), ...[scalar(40), scalar(0.1)]],
    fn: (parameter, gradient, mean, step, rate) => {
      const state = { step: step as Scalar, mean: mean! };
      return flat(lion(parameter!, state, gradient!, rate as Scalar, { weightDecay: 0.1 }));
    },
    forwardOnly: true,
  }),
  sgd: ({ channels, outputs }) => ({
    inputs: [
      ...['parameter', 'gradient', 'velocity'].map((name) => normal(name, [channels, outputs])),
      ...[scalar(40), scalar(0.1)],
    ],
    fn: (parameter, gradient, velocity, step, rate) => {
      const state = { step: step as Scalar, velocity: velocity! };
      return flat(sgd(parameter!, state, gradient!, rate as Scalar, { momentum: 0.9 }));
    },
    forwardOnly: true,
  }),
};

const scalar = (value: number): HostArray => hostArray('float32', [], Float32Array.of(value));

const magnitudes = (array: HostArray<'float32'>): HostArray => ({ ...array, data: array.data.map(Math.abs) });

/** All leaves of a tree as one tensor of one axis. */
function flat(tree: unknown): Tensor {
  return tf.concat(leavesOf<Tensor>(tree).map((leaf) => tf.reshape(leaf, [leaf.size])));
}

/** The float32 inputs, by index; none of an op that has no gradient. */
export function differentiable({ inputs, forwardOnly = false }: OpCase): number[] {
  if (forwardOnly) return [];
  return inputs.flatMap(({ dtype }, index) => (dtype === 'float32' ? [index] : []));
}
