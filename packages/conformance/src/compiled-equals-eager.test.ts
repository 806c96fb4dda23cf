import { type HostArray, key, split } from '@gmlp/base';
import { dropout, dropPath, keepMask } from '@gmlp/ops';
import { expectClose, largestMagnitude } from '@gmlp/testing';
import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { device, normal, onEveryDevice, runOnce, valueAndGradients } from './on-every-device.ts';
import { differentiable, opCases } from './op-cases.ts';

const extent = fc.integer({ min: 1, max: 9 });
const anySizes = fc.record({ batch: extent, tokens: extent, channels: extent, outputs: extent });

for (const [name, build] of Object.entries(opCases)) {
  it(`${name}: compiled and eager agree in values and gradients, for any shapes`, async () => {
    const [compiled, eager] = [await device('ort-cpu'), await device('tfjs-cpu')];
    await fc.assert(
      fc.asyncProperty(anySizes, async (sizes) => {
        const op = build(sizes);
        const fn = valueAndGradients(op.fn, differentiable(op));
        const [value] = await runOnce(
          eager,
          eager.compile((...inputs: Tensor[]) => [op.fn(...inputs)]),
          op.inputs,
        );
        const inputs = [...op.inputs, normal('direction', value!.shape)];
        const expected = await runOnce(eager, eager.compile(fn), inputs);
        const actual = await runOnce(compiled, compiled.compile(fn), inputs);
        const largest = largestMagnitude(expected.slice(1));
        expectClose(actual[0]!, expected[0]!, { name: 'value' });
        for (let i = 1; i < expected.length; i++) {
          expectClose(actual[i]!, expected[i]!, { kind: 'gradient', largest, name: `gradient ${i}` });
        }
      }),
      { numRuns: 8, seed: 2105 },
    );
  });
}

onEveryDevice(
  'dropout and dropPath: one key gives the same bits on every device, another key others, without a new trace',
  async (open) => {
    const x: HostArray = { dtype: 'float32', shape: [4, 5, 33], data: new Float32Array(4 * 5 * 33).fill(1) };
    const drop = open.compile((input: Tensor, elements: ReturnType<typeof key>, samples: ReturnType<typeof key>) => [
      dropout(input, 0.25, split(elements, 'here')),
      dropPath(input, 0.5, samples),
    ]);
    for (const seed of [key(1), key(2), key(1)]) {
      const [elements, samples] = await runOnce(open, (input: Tensor) => drop(input, seed, split(seed, 'path')), [x]);
      const kept = keepMask(split(seed, 'here'), x.shape, 0.75);
      expect(Array.from(elements!.data, (value) => value > 0)).toEqual(Array.from(kept, (bit) => bit === 1));
      const survivors = keepMask(split(seed, 'path'), [4, 1, 1], 0.5);
      expect(Array.from(samples!.data)).toEqual(Array.from(x.data, (_, i) => survivors[Math.floor(i / 165)]! * 2));
    }
  },
);

onEveryDevice('dropout: gradients through a compiled mask use the mask of the values', async (open) => {
  const seed = key(9);
  const fn = open.compile((x: Tensor, words: ReturnType<typeof key>) => {
    const { value, grad } = tf.valueAndGrad((at: Tensor) => dropout(at, 0.5, words))(x, tf.onesLike(x));
    return [value, grad];
  });
  const ones: HostArray = { dtype: 'float32', shape: [16, 16], data: new Float32Array(256).fill(1) };
  const [value, gradient] = await runOnce(open, (x: Tensor) => fn(x, seed), [ones]);
  expect(value!.data).toEqual(gradient!.data);
  expect(new Set(value!.data)).toEqual(new Set([0, 2]));
});
