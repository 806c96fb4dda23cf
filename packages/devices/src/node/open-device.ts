import { GmlpError } from '@gmlp/base';
import * as tf from '@tensorflow/tfjs-core';
import { compiledDevice } from '../compiled-device.ts';
import type { Device, DeviceName } from '../device.ts';
import { eagerDevice } from '../eager-device.ts';
import { ortCpu } from './ort-cpu.ts';

/** Starts a TF.js backend without leaving it active. */
async function startBackend(name: string): Promise<void> {
  const engine = tf.engine();
  const previous = engine.backendName as string | null | undefined;
  const started = await tf.setBackend(name);
  if (previous) await tf.setBackend(previous);
  else engine.backendName = previous as never;
  if (!started) throw new Error(`TF.js could not start its ${name} backend`);
}

interface Opener {
  /** The packages to install for it. */
  readonly packages: readonly string[];
  open(): Promise<Device>;
}

/** In the order of preference. */
const openers: Readonly<Record<DeviceName, Opener>> = {
  'ort-cpu': {
    packages: ['onnxruntime-node'],
    open: async () => compiledDevice('ort-cpu', await ortCpu()),
  },
  'tfjs-wasm': {
    packages: ['@tensorflow/tfjs-backend-wasm'],
    open: async () => {
      await import('@tensorflow/tfjs-backend-wasm');
      await startBackend('wasm');
      return eagerDevice('tfjs-wasm', 'wasm');
    },
  },
  'tfjs-cpu': {
    packages: ['@tensorflow/tfjs-backend-cpu'],
    open: async () => {
      await import('@tensorflow/tfjs-backend-cpu');
      await startBackend('cpu');
      return eagerDevice('tfjs-cpu', 'cpu');
    },
  },
};

export const deviceNames: readonly DeviceName[] = Object.keys(openers) as DeviceName[];

export interface DeviceVerdict {
  readonly name: DeviceName;
  readonly available: boolean;
  /** Why it does not work here; empty when it does. */
  readonly reason: string;
  /** The command that would make it work, when one is known. */
  readonly fix?: string;
}

async function tryToOpen(name: DeviceName): Promise<Device | DeviceVerdict> {
  const { packages, open } = openers[name];
  try {
    return await open();
  } catch (error) {
    const missing = (error as { code?: string }).code === 'ERR_MODULE_NOT_FOUND';
    const fix = `npm install ${packages.join(' ')}`;
    return missing
      ? { name, available: false, reason: `${packages.join(', ')} is not installed`, fix }
      : { name, available: false, reason: (error as Error).message.split('\n')[0]! };
  }
}

const isDevice = (outcome: Device | DeviceVerdict): outcome is Device => 'compile' in outcome;

/** Opens a device by name; `auto` takes the first of `deviceNames` that works. */
export async function openDevice(name: DeviceName | 'auto'): Promise<Device> {
  if (name !== 'auto' && !(name in openers)) {
    throw new GmlpError(
      'not-found',
      `openDevice: no device is called ${String(name)}; there are ${deviceNames.join(', ')} and auto`,
    );
  }
  const verdicts: DeviceVerdict[] = [];
  for (const candidate of name === 'auto' ? deviceNames : [name]) {
    const outcome = await tryToOpen(candidate);
    if (isDevice(outcome)) return outcome;
    verdicts.push(outcome);
  }
  const reasons = verdicts.map((verdict) => `${verdict.name}: ${verdict.reason}${verdict.fix ? ` (${verdict.fix})` : ''}`);
  throw new GmlpError('device-unavailable', `openDevice: ${reasons.join('; ')}`, { verdicts });
}

/** What works on this machine, and why not. */
export async function deviceReport(): Promise<DeviceVerdict[]> {
  const verdicts: DeviceVerdict[] = [];
  for (const name of deviceNames) {
    const outcome = await tryToOpen(name);
    if (isDevice(outcome)) await outcome.dispose();
    verdicts.push(isDevice(outcome) ? { name, available: true, reason: '' } : outcome);
  }
  return verdicts;
}
