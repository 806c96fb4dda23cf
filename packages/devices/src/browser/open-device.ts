import type { Device, DeviceName } from '../device.ts';
import { type DeviceVerdict, type OpenOptions, openFirst, verdictsOn } from '../open-first.ts';
import type { Opener } from '../opener.ts';
import { tfjsCpu } from '../tfjs-cpu.ts';
import { ortWasm } from './ort-wasm.ts';
import { ortWebgpuOpener } from './ort-webgpu.ts';
import { tfjsWasm } from './tfjs-wasm.ts';
import { tfjsWebgpu } from './tfjs-webgpu.ts';

/** In the order of `auto`. */
const openers: readonly Opener[] = [ortWebgpuOpener, ortWasm, tfjsWebgpu, tfjsWasm, tfjsCpu];

/** The devices of a browser, in the order of `auto`. */
export const deviceNames: readonly DeviceName[] = openers.map(({ name }) => name);

/** Opens a device of a browser by name; `auto` takes the first of `deviceNames` that works and is no software GPU. */
export function openDevice(name: DeviceName | 'auto', options: OpenOptions = {}): Promise<Device> {
  return openFirst(openers, name, options);
}

/**
 * What works in this browser, and why the rest does not. The scripts of runtimes are imported, as one may not be installed; their
 * `.wasm` files are not, so `openDevice` may still fail, with the reason, where these cannot be fetched.
 */
export function probeDevices(): Promise<DeviceVerdict[]> {
  return verdictsOn(openers);
}
