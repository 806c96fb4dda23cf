import type { DeviceName } from '@gmlp/devices';
import { Option } from 'commander';

/** Node's devices, here by name, so that only a command that computes loads them. */
const devices: Readonly<Record<Exclude<DeviceName, 'ort-wasm'>, true>> = {
  'ort-cuda': true,
  'ort-webgpu': true,
  'ort-cpu': true,
  'tfjs-node': true,
  'tfjs-webgpu': true,
  'tfjs-wasm': true,
  'tfjs-cpu': true,
};

export function deviceOption(): Option {
  return deviceChoice('where to compute').default('auto');
}

export function deviceChoice(description: string): Option {
  return new Option('--device <name>', description).choices(['auto', ...Object.keys(devices)]);
}
