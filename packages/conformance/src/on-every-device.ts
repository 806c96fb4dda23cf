/** The suites here run on every device that this repository can test, and fail where one leaves a tensor behind. */
import { type HostArray, hostArray, key, randomNormal, sizeOf, split } from '@gmlp/base';
import { type Device, type DeviceName, openDevice } from '@gmlp/devices/node';
import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, describe, expect, it } from 'vitest';

const testedDevices: readonly DeviceName[] = ['ort-cpu', 'tfjs-wasm', 'tfjs-cpu'];

const opened = new Map<DeviceName, Promise<Device>>();

/** One device of each name for a file of tests. */
export function device(name: DeviceName): Promise<Device> {
  if (!opened.has(name)) opened.set(name, openDevice(name));
  return opened.get(name)!;
}

afterAll(async () => {
  for (const open of opened.values()) await (await open).dispose();
  opened.clear();
});

export function onEveryDevice(name: string, body: (device: Device) => Promise<void>): void {
  describe.each(testedDevices)('%s', (deviceName) => {
    it(name, async () => {
      const open = await device(deviceName);
      const before = tf.memory().numTensors;
      await body(open);
      expect(tf.memory().numTensors - before, 'tensors left behind').toBe(0);
    });
  });
}

/** Puts the inputs, runs the compiled function, reads its results and frees everything. */
export async function runOnce<R extends readonly Tensor[]>(
  open: Device,
  compiled: (...inputs: Tensor[]) => Promise<R>,
  inputs: readonly HostArray[],
): Promise<HostArray[]> {
  const tensors = open.put([...inputs]) as Tensor[];
  const results = await compiled(...tensors);
  const values = (await open.read([...results])) as HostArray[];
  tf.dispose([tensors, [...results]]);
  return values;
}

/** The value of `fn` and its gradients for the float32 inputs, under the direction given as the last input. */
export function valueAndGradients(fn: (...inputs: Tensor[]) => Tensor, differentiable: readonly number[]) {
  return (...inputs: Tensor[]): Tensor[] => {
    const [at, direction] = [inputs.slice(0, -1), inputs.at(-1)!];
    const { value, grads } = tf.valueAndGrads((...chosen: Tensor[]) =>
      fn(...at.map((tensor, index) => chosen[differentiable.indexOf(index)] ?? tensor)),
    )(
      differentiable.map((index) => at[index]!),
      direction,
    );
    return [value, ...grads];
  };
}

const seed = key(105_08050);

/** Standard normal numbers that depend on the name alone. */
export function normal(name: string, shape: readonly number[], deviation = 1): HostArray<'float32'> {
  return hostArray(
    'float32',
    shape,
    randomNormal(split(seed, name), sizeOf(shape)).map((value) => value * deviation),
  );
}

export function ints(shape: readonly number[], values: Iterable<number>): HostArray<'int32'> {
  return hostArray('int32', shape, Int32Array.from(values));
}
