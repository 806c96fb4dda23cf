/** The program of the page that runs the device suite in a browser: what `devices.chromium.test.ts` asks it for. */
import { type Device, type DeviceName, openDevice, ortWebgpu } from '@gmlp/devices';
import { trainOn } from './browser-trainer.ts';
import { openWholly } from './checked-device.ts';
import { deviceChecks } from './device-checks.ts';
import { gpuFailures } from './gpu-failures.ts';
import type { OpErrors } from './op-errors.ts';

const open = (name: DeviceName): Promise<Device> => openWholly(name, { openDevice, ortWebgpu });

/** Before a device is opened: how many threads WebAssembly takes. Both runtimes are told, as they are loaded once a page. */
async function useThreads(threads: number): Promise<void> {
  (await import('onnxruntime-web/wasm')).env.wasm.numThreads = threads;
  const { setThreadsCount, setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
  setThreadsCount(threads);
  setWasmPaths('/');
}

const devices = new Map<DeviceName, Promise<Device>>();

function deviceOf(name: DeviceName): Promise<Device> {
  if (!devices.has(name)) devices.set(name, open(name));
  return devices.get(name)!;
}

/** Runs one check of the suite on one device; resolves to what it recorded of ops. */
async function check(name: DeviceName, what: string): Promise<OpErrors[]> {
  const [device, reference] = [await deviceOf(name), await deviceOf('tfjs-cpu')];
  const found: OpErrors[] = [];
  const { run } = deviceChecks.find((each) => each.name === what)!;
  await run({ device, reference, openAnother: () => open(name) }, (errors) => found.push(errors));
  return found;
}

/** Whether WebAssembly can have threads here. */
const isolated = async (): Promise<boolean> => globalThis.crossOriginIsolated;

const fail = (what: string): Promise<void> => gpuFailures.find((each) => each.name === what)!.run();

Object.assign(globalThis, { useThreads, check, isolated, fail, trainOn });
