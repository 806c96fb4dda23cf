import type { Device, DeviceName } from '../device.ts';
import { type DeviceVerdict, type OpenOptions, openFirst, verdictsOn } from '../open-first.ts';
import type { Opener } from '../opener.ts';
import { tfjsCpu } from '../tfjs-cpu.ts';
import { tfjsWasm } from '../tfjs-wasm.ts';
import { ortCpuOpener } from './ort-cpu.ts';
import { ortCudaOpener } from './ort-cuda.ts';
import { ortWebgpuOpener } from './ort-webgpu.ts';
import { tfjsNode } from './tfjs-node.ts';
import { tfjsWebgpu } from './tfjs-webgpu.ts';

/** In the order of `auto`. */
const openers: readonly Opener[] = [ortCudaOpener, ortWebgpuOpener, ortCpuOpener, tfjsNode, tfjsWebgpu, tfjsWasm, tfjsCpu];

/** The devices of Node, in the order of `auto`. */
export const deviceNames: readonly DeviceName[] = openers.map(({ name }) => name);

/** Opens a device of Node by name; `auto` takes the first of `deviceNames` that works and is no software GPU. */
export function openDevice(name: DeviceName | 'auto', options: OpenOptions = {}): Promise<Device> {
  return openFirst(openers, name, options);
}

/** What works on this machine, and why the rest does not. */
export function probeDevices(): Promise<DeviceVerdict[]> {
  return verdictsOn(openers);
}
