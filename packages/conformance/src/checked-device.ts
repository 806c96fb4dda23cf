import { compiledDevice, type Device, type DeviceName, type openDevice, type ortWebgpu } from '@gmlp/devices';
import * as tf from '@tensorflow/tfjs-core';

/** What a check of a device is given. */
export interface CheckedDevice {
  readonly device: Device;
  /** The device `tfjs-cpu`. */
  readonly reference: Device;
  /** Opens another device of the same kind. */
  readonly openAnother: () => Promise<Device>;
}

/** The openers of Node, or those of the browser. */
export interface Openers {
  readonly openDevice: typeof openDevice;
  readonly ortWebgpu: typeof ortWebgpu;
}

/** On WebGPU no node of a graph may run on the CPU, and no kernel of TF.js either. */
export async function openWholly(name: DeviceName, { openDevice: open, ortWebgpu: runtime }: Openers): Promise<Device> {
  const device = name === 'ort-webgpu' ? compiledDevice(name, await runtime({ wholly: true })) : await open(name);
  if (name === 'tfjs-webgpu') tf.env().set('WEBGPU_CPU_FORWARD', false);
  return device;
}
