/** For the tests: every op on every TF.js backend that runs in Node, held to finite differences and to leaving no tensor behind. */
import '#register-gradients';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm'; // finds its .wasm beside its own code in Node
import { type HostArray, hostArray, key, randomNormal, sizeOf, split } from '@gmlp/base';
import { expectAllClose, finiteDifferences } from '@gmlp/testing';
import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';

const backends = ['cpu', 'wasm'] as const;

const seed = key(20210517);

/** Standard normal numbers that depend on the name alone. */
export function normal(name: string, shape: readonly number[], deviation = 1): HostArray<'float32'> {
  return hostArray(
    'float32',
    shape,
    randomNormal(split(seed, name), sizeOf(shape)).map((value) => value * deviation),
  );
}

export function ints(shape: readonly number[], values: readonly number[]): HostArray<'int32'> {
  return hostArray('int32', shape, Int32Array.from(values));
}

/** Step `index` of an array [steps, ...]. */
export function at(steps: HostArray, index: number): HostArray<'float32'> {
  const shape = steps.shape.slice(1);
  const size = steps.data.length / steps.shape[0]!;
  return hostArray('float32', shape, (steps.data as Float32Array).slice(index * size, (index + 1) * size));
}

export function toTensor({ data, shape, dtype }: HostArray): Tensor {
  return tf.tensor(data as Float32Array, [...shape], dtype as 'float32');
}

export function toHost(tensor: Tensor): HostArray {
  return { dtype: tensor.dtype, shape: tensor.shape, data: tensor.dataSync() } as HostArray;
}

type Body = () => void | Promise<void>;

/** The test on each backend; it fails as well when a tensor is left behind. */
export function onEachBackend(name: string, body: Body): void {
  describe.each(backends)('%s', (backend) => {
    it(name, async () => {
      await tf.setBackend(backend);
      const before = tf.memory().numTensors;
      tf.engine().startScope();
      try {
        await body();
      } finally {
        tf.engine().endScope();
      }
      expect(tf.memory().numTensors).toBe(before);
    });
  });
}

/** `fn` of the float32 inputs among `inputs`: its gradients under a random direction against finite differences. */
export async function expectGradients(
  fn: (...inputs: Tensor[]) => Tensor,
  inputs: readonly HostArray[],
  { tolerance = 1e-3, step = 1 / 32 }: { tolerance?: number; step?: number } = {},
): Promise<void> {
  const evaluate = (at: readonly HostArray[]): HostArray => toHost(tf.tidy(() => fn(...at.map(toTensor))));
  const direction = normal(
    'direction',
    tf.tidy(() => fn(...inputs.map(toTensor)).shape),
  );
  const expected = await finiteDifferences(evaluate, inputs, direction, { step });
  const floats = inputs.flatMap(({ dtype }, index) => (dtype === 'float32' ? [index] : []));
  const tensors = inputs.map(toTensor);
  const before = tf.memory().numTensors;
  const gradients = tf.grads((...at) => fn(...tensors.map((tensor, index) => at[floats.indexOf(index)] ?? tensor)))(
    floats.map((index) => tensors[index]!),
    toTensor(direction),
  );
  expect(tf.memory().numTensors).toBe(before + gradients.length + 1); // the gradients and the direction
  const named = (arrays: readonly HostArray[]): Map<string, HostArray> =>
    new Map(arrays.map((array, i) => [`input ${floats[i]}`, array]));
  expectAllClose(named(gradients.map(toHost)), named(expected), { tolerance });
  tf.dispose([tensors, gradients]);
}
