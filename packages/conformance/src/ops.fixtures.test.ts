import type { HostArray } from '@gmlp/base';
import { gelu, layerNorm, softmaxCrossEntropy, spatialProjection, toeplitz } from '@gmlp/ops';
import { expectAllClose, fixture } from '@gmlp/testing';
import type { Tensor, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { ints, onEveryDevice, runOnce, valueAndGradients } from './on-every-device.ts';

interface Golden {
  readonly inputs: readonly string[];
  readonly output: string;
  readonly gradients: readonly string[];
  readonly fn: (...inputs: Tensor[]) => Tensor;
}

/** Keys of the set `ops`, and the function that must give its values. */
const golden: Readonly<Record<string, Golden>> = {
  gelu_erf: { inputs: ['x'], output: 'y', gradients: ['dx'], fn: (x) => gelu(x!) },
  gelu_tanh: { inputs: ['x'], output: 'y', gradients: ['dx'], fn: (x) => gelu(x!, 'tanh') },
  layer_norm: {
    inputs: ['x', 'gamma', 'beta'],
    output: 'y',
    gradients: ['dx', 'dgamma', 'dbeta'],
    fn: (x, scale, offset) => layerNorm(x!, scale as Tensor1D, offset as Tensor1D, 1e-6),
  },
  spatial: {
    inputs: ['x', 'w', 'b'],
    output: 'y',
    gradients: ['dx', 'dw', 'db'],
    fn: (x, weight, bias) => spatialProjection(x as Tensor3D, weight as Tensor2D, bias as Tensor1D),
  },
  toeplitz: {
    inputs: ['x', 't'],
    output: 'y',
    gradients: ['dx', 'dt'],
    fn: (x, t) => spatialProjection(x as Tensor3D, toeplitz(t as Tensor1D), tf.zeros([x!.shape[1]!])),
  },
  softmax: { inputs: ['x'], output: 'y', gradients: ['dx'], fn: (x) => tf.softmax(x!) },
  log_softmax: { inputs: ['x'], output: 'y', gradients: ['dx'], fn: (x) => tf.logSoftmax(x!) },
};

for (const [name, { inputs, output, gradients, fn }] of Object.entries(golden)) {
  onEveryDevice(`${name}: golden values and gradients`, async (device) => {
    const set = fixture('ops');
    const get = (key: string): HostArray => set.get(`${name}.${key}`);
    const compiled = device.compile(
      valueAndGradients(
        fn,
        inputs.map((_, index) => index),
      ),
    );
    const [value, ...slopes] = await runOnce(device, compiled, [...inputs.map(get), get('dy')]);
    expectAllClose(new Map([[output, value!]]), new Map([[output, get(output)]]));
    const named = (arrays: readonly HostArray[]) => new Map(arrays.map((array, i) => [gradients[i]!, array]));
    expectAllClose(named(slopes), named(gradients.map(get)), { kind: 'gradient' });
  });
}

onEveryDevice('toeplitz: the golden matrix', async (device) => {
  const set = fixture('ops');
  const [matrix] = await runOnce(
    device,
    device.compile((t: Tensor) => [toeplitz(t as Tensor1D)]),
    [set.get('toeplitz.t')],
  );
  expectAllClose(new Map([['matrix', matrix!]]), new Map([['matrix', set.get('toeplitz.matrix')]]));
});

onEveryDevice('softmaxCrossEntropy: the golden log-softmax, label by label', async (device) => {
  const set = fixture('ops');
  const [logits, expected] = [set.get('log_softmax.x'), set.get('log_softmax.y')];
  const classes = logits.shape.at(-1)!;
  const compiled = device.compile((z: Tensor, labels: Tensor) => [softmaxCrossEntropy(z, labels).sum]);
  for (let row = 0; row < 3; row++) {
    const slice = (logits.data as Float32Array).slice(row * classes, (row + 1) * classes);
    for (let label = 0; label < classes; label++) {
      const [loss] = await runOnce(device, compiled, [
        { dtype: 'float32', shape: [1, classes], data: slice },
        ints([1], [label]),
      ]);
      expect(-loss!.data[0]!).toBeCloseTo(expected.data[row * classes + label]!, 5);
    }
  }
});

it('every op of the set is tested', () => {
  expect(new Set([...fixture('ops').all('').keys()].map((key) => key.split('.')[0]))).toEqual(new Set(Object.keys(golden)));
});
