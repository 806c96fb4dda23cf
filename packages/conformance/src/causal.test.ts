/**
 * Causal gMLP and aMLP on every device: the scores up to position t have the same bits whatever comes after t, and no gradient of
 * theirs reaches a later token, nor the spatial weights that would look ahead.
 */
import { type HostArray, mapTree, pathName } from '@gmlp/base';
import { disposeTree } from '@gmlp/devices';
import { inference, type Parameter } from '@gmlp/layers';
import { createModel, type OptionsOf, type ParametersOf } from '@gmlp/models';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { ints, normal, onEveryDevice } from './on-every-device.ts';

const [vocabulary, tokens, channels] = [13, 6, 8];
const samples = { numRuns: 12, seed: 2105 } as const;

const kinds = [
  { spatialWeight: 'toeplitz', attentionChannels: 0 },
  { spatialWeight: 'dense', attentionChannels: 0 },
  { spatialWeight: 'toeplitz', attentionChannels: 4 },
  { spatialWeight: 'dense', attentionChannels: 4 },
] as const;

const anyId = fc.nat(vocabulary - 1);
const anySequence = fc.array(anyId, { minLength: tokens, maxLength: tokens });
const anyPosition = fc.nat(tokens - 2);

describe.each(kinds)('$spatialWeight, $attentionChannels channels of attention', (kind) => {
  const options: OptionsOf<'gmlp-language'> = {
    ...{ family: 'gmlp-language', vocabulary, tokens, channels, hiddenChannels: 12, layers: 3, causal: true },
    ...kind,
    head: { tied: false, transform: true, bias: true }, // untied: a gradient of the embedding came through the tokens
  };
  const { module } = createModel(options);
  const values = mapTree<Parameter, HostArray, typeof module.spec>(module.spec, ({ shape }, path) =>
    normal(pathName(path), shape, 0.5),
  );

  onEveryDevice('scores up to a position do not depend on what comes after it', async (device) => {
    const params = device.put(values) as ParametersOf<'gmlp-language'>;
    const scores = device.compile((p: typeof params, ids: Tensor) => module.apply(p, { ids }, inference));
    await fc.assert(
      fc.asyncProperty(anySequence, anySequence, anyPosition, async (sequence, other, position) => {
        const changed = sequence.map((id, at) => (at <= position ? id : other[at]!));
        const ids = device.put(ints([2, tokens], [...sequence, ...changed])) as Tensor;
        const result = await scores(params, ids);
        const { data } = await device.read(result);
        disposeTree([ids, result]);
        const seen = (position + 1) * vocabulary;
        const second = tokens * vocabulary;
        expect(data.slice(second, second + seen)).toEqual(data.slice(0, seen));
      }),
      samples,
    );
    disposeTree(params);
  });

  onEveryDevice('gradients of the scores at a position reach the tokens up to it, and none after it', async (device) => {
    const params = device.put(values) as ParametersOf<'gmlp-language'>;
    const gradients = device.compile((p: typeof params, batch: { ids: Tensor; positions: Tensor; along: Tensor }) => {
      const wanted = [p.embedding.weight, ...p.blocks.map(({ gate }) => gate.spatial.weight)];
      const { ids, positions, along } = batch;
      const score = (): Scalar => tf.sum(tf.mul(module.apply(p, { ids, positions }, inference), along));
      return tf.engine().gradients(score, wanted).grads as Tensor[];
    });
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(
          Array.from({ length: vocabulary }, (_, id) => id),
          { minLength: tokens, maxLength: tokens },
        ),
        anyPosition,
        async (sequence, position) => {
          // Each piece stands once, so that a row of the embedding's gradient is that of one position.
          const batch = device.put({
            ids: ints([1, tokens], sequence),
            positions: ints([1, 1], [position]),
            along: normal(`along ${position}`, [1, 1, vocabulary]),
          }) as { ids: Tensor; positions: Tensor; along: Tensor };
          const result = await gradients(params, batch);
          const [embedding, ...spatial] = await device.read(result);
          disposeTree([batch, result]);
          for (const [at, id] of sequence.entries()) {
            const row = embedding!.data.slice(id * channels, (id + 1) * channels);
            if (at <= position) expect(row.some((value) => value !== 0)).toBe(true);
            else expect(row.every((value) => value === 0)).toBe(true);
          }
          for (const { shape, data } of spatial) {
            for (const [index, value] of data.entries()) {
              const ahead = shape.length === 1 ? index > tokens - 1 : index % tokens > Math.floor(index / tokens);
              if (ahead) expect(Math.abs(value)).toBe(0);
            }
          }
        },
      ),
      samples,
    );
    disposeTree(params);
  });
});
