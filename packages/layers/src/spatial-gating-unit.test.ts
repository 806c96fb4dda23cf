import { key, randomNormal, split } from '@gmlp/base';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { init } from './parameters.ts';
import { type GateForm, type SpatialGatingUnitParameters, spatialGatingUnit } from './spatial-gating-unit.ts';
import type { SpatialWeight } from './spatial-projection.ts';

const [batch, tokens, channels] = [2, 5, 6];
const random = (name: string, shape: number[]): tf.Tensor =>
  tf.tensor(
    randomNormal(
      split(key(11), name),
      shape.reduce((a, b) => a * b, 1),
    ),
    shape,
  );

beforeAll(() => tf.setBackend('cpu'));

const forms: GateForm[] = ['split', 'multiplicative', 'additive', 'linear'];
const weights: SpatialWeight[] = ['dense', 'toeplitz'];
const cases = forms.flatMap((form) => weights.map((weight) => ({ form, weight })));

/** s(z) for given f = f(z), or f(z2) for the split form, element by element. */
const gate: Record<GateForm, (z: number, f: number) => number> = {
  split: (z, f) => z * f,
  multiplicative: (z, f) => z * f,
  additive: (z, f) => z + f,
  linear: (_, f) => f,
};

describe.each(cases)('the $form gate with a $weight spatial weight', ({ form, weight }) => {
  const unit = spatialGatingUnit({ tokens, channels, form, weight });
  const width = form === 'split' ? channels / 2 : channels;

  it('starts with f(z) = 1: the identity where the gate multiplies', () => {
    tf.tidy(() => {
      const z = random('z', [batch, tokens, channels]);
      const passed = tf.slice(z, [0, 0, 0], [batch, tokens, width]).dataSync();
      const gated = unit.apply(init(unit.spec, key(0)), z);
      expect(gated.shape).toEqual([batch, tokens, width]);
      const values = gated.dataSync();
      for (let i = 0; i < values.length; i++) expect(Math.abs(values[i]! - gate[form](passed[i]!, 1))).toBeLessThan(1e-4);
    });
  });

  it('computes the formula', () => {
    tf.tidy(() => {
      const z = random('z', [batch, tokens, channels]);
      const params: SpatialGatingUnitParameters = {
        norm: { scale: random('scale', [width]), offset: random('offset', [width]) },
        spatial: { weight: random('w', weight === 'dense' ? [tokens, tokens] : [2 * tokens - 1]), bias: random('b', [tokens]) },
      };
      const actual = unit.apply(params, z).arraySync() as number[][][];
      const [scale, offset, bias] = [params.norm.scale, params.norm.offset, params.spatial.bias].map((t) => t.dataSync());
      const w = params.spatial.weight.dataSync();
      const at = (i: number, j: number): number => (weight === 'dense' ? w[i * tokens + j]! : w[tokens - 1 + j - i]!);
      const input = z.arraySync() as number[][][];
      for (let b = 0; b < batch; b++) {
        const normed = input[b]!.map((row) => {
          const gating = row.slice(channels - width);
          const mean = gating.reduce((sum, value) => sum + value, 0) / width;
          const variance = gating.reduce((sum, value) => sum + (value - mean) ** 2, 0) / width;
          return gating.map((value, c) => ((value - mean) / Math.sqrt(variance + 1e-6)) * scale![c]! + offset![c]!);
        });
        for (let i = 0; i < tokens; i++) {
          for (let c = 0; c < width; c++) {
            const f = normed.reduce((sum, row, j) => sum + at(i, j) * row[c]!, bias![i]!);
            expect(actual[b]![i]![c]).toBeCloseTo(gate[form](input[b]![i]![c]!, f), 4);
          }
        }
      }
    });
  });

  it('when causal never sees a later token', () => {
    tf.tidy(() => {
      const causal = spatialGatingUnit({ tokens, channels, form, weight, causal: true });
      const start = init(causal.spec, key(0));
      const params = { ...start, spatial: { ...start.spatial, weight: random('w', start.spatial.weight.shape) } };
      const z = random('z', [1, tokens, channels]);
      const before = causal.apply(params, z).arraySync() as number[][][];
      for (let changed = 0; changed < tokens; changed++) {
        const bump = tf.oneHot(tf.tensor1d([changed], 'int32'), tokens);
        const noise = tf.mul(tf.reshape(bump, [1, tokens, 1]), random('noise', [1, 1, channels]));
        const after = causal.apply(params, tf.add(z, noise)).arraySync() as number[][][];
        expect(after[0]!.slice(0, changed)).toEqual(before[0]!.slice(0, changed));
        expect(after[0]![changed]).not.toEqual(before[0]![changed]);
      }
    });
  });
});

it('the split form refuses an odd number of channels', () => {
  expect(() => spatialGatingUnit({ tokens, channels: 5 })).toThrow(
    /the split form halves the channels, got 5; use an even number/,
  );
});
