/** The suites here run on every device that this repository can test, and fail where one leaves a tensor behind. */
import { type Device, type DeviceName, openDevice } from '@gmlp/devices/node';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, describe, expect, it } from 'vitest';

export { ints, normal } from './host-inputs.ts';
export { runOnce, valueAndGradients } from './run-once.ts';

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
