/** What goes wrong on a GPU in a browser reaches the caller soon, with a code, and a device opened anew works. */
import { GmlpError, type HostArray, hostArray } from '@gmlp/base';
import { type Device, openDevice } from '@gmlp/devices';
import type { Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';

export interface GpuFailure {
  readonly name: string;
  /** Throws what does not hold. */
  run(): Promise<void>;
}

type GpuDevice = 'ort-webgpu' | 'tfjs-webgpu';

interface Gpu {
  destroy(): void;
  createShaderModule(of: object): object;
  createComputePipeline(of: object): object;
}

interface Breaking {
  readonly name: string;
  readonly code: string;
  /** Resolves or throws when the harm is done; what it throws counts as told. */
  readonly breakIt: (device: Device, gpu: Gpu, x: Tensor2D) => unknown;
}

/** Milliseconds within which the caller must know. */
const soon = 5000;

const breakings: readonly Breaking[] = [
  { name: 'a GPU that is lost in the middle of a run', code: 'device-lost', breakIt: (_, gpu) => gpu.destroy() },
  {
    name: 'a shader that does not compile',
    code: 'device-failure',
    breakIt: (_, gpu) =>
      gpu.createComputePipeline({ layout: 'auto', compute: { module: gpu.createShaderModule({ code: 'no WGSL' }) } }),
  },
  {
    name: 'a tensor that is too large',
    code: 'out-of-memory',
    breakIt: async (device, _, x) => {
      const corner = device.compile((value: Tensor2D) => tf.slice(tf.tile(value, [500, 125]), [0, 0], [1, 1])); // of 4 GB
      const result = await corner(x);
      await device.read(result).finally(() => result.dispose());
    },
  },
];

export const gpuFailures: readonly GpuFailure[] = (['tfjs-webgpu', 'ort-webgpu'] as const).flatMap((device) =>
  breakings.map((breaking) => ({ name: `${device}: ${breaking.name}`, run: () => failsSoon(device, breaking) })),
);

/** The GPU behind the open device. */
async function gpuOf(name: GpuDevice): Promise<Gpu> {
  if (name === 'tfjs-webgpu') return (tf.findBackend('webgpu') as unknown as { readonly device: Gpu }).device;
  return (await (
    await import('onnxruntime-web/webgpu')
  ).env.webgpu.device) as unknown as Gpu;
}

const size = 128;
/** A matrix whose every power is itself, without rounding. */
const matrix = (): HostArray => hostArray('float32', [size, size], new Float32Array(size * size).fill(1 / size));

/** A run that keeps a GPU in software busy for a while. */
const power = (x: Tensor2D): Tensor2D => Array.from({ length: 20 }).reduce<Tensor2D>((product) => tf.matMul(product, x), x);

async function failsSoon(name: GpuDevice, { code, breakIt }: Breaking): Promise<void> {
  const device = await openDevice(name);
  tf.env().set('WEBGPU_CPU_FORWARD', false); // small tensors on the GPU too
  const x = device.put(matrix()) as Tensor2D;
  const run = device.compile(power);
  const check = async (): Promise<void> => expectPower(device, await run(x));
  await check(); // its shaders are compiled: what follows waits for nothing but the failure
  const gpu = await gpuOf(name);
  const running = check();
  const told = Promise.any([running, (async () => breakIt(device, gpu, x))()].map(failureOf));
  // Where the run was through before the harm was done, the next one tells it.
  const failure = told.catch(() => failureOf(check()));
  const late = new Promise((resolve) => setTimeout(resolve, soon, new Error(`nothing was told within ${soon} ms`)));
  expectCode(await Promise.race([failure, late]), code);
  await running.catch(() => undefined);
  // A call that asked for too much may leave the GPU as it was; one that is lost stays so.
  const after = await failureOf(check()).catch(() => undefined);
  if (after !== undefined || code === 'device-lost') expectCode(after, code);
  x.dispose();
  await device.dispose();

  const next = await openDevice(name);
  const y = next.put(matrix()) as Tensor2D;
  await expectPower(next, await next.compile(power)(y));
  y.dispose();
  await next.dispose();
}

async function expectPower(device: Device, result: Tensor2D): Promise<void> {
  try {
    const { data } = await device.read(result);
    const wrong = Array.from(data).find((value) => value !== 1 / size);
    if (wrong !== undefined) throw new Error(`expected ${1 / size} everywhere, got ${wrong}`);
  } finally {
    result.dispose();
  }
}

/** What the job throws; throws where it does not. */
async function failureOf(job: Promise<unknown>): Promise<unknown> {
  const outcome = await Promise.allSettled([job]);
  if (outcome[0].status === 'fulfilled') throw new Error('expected a failure, got none');
  return outcome[0].reason;
}

function expectCode(error: unknown, code: string): void {
  if (!GmlpError.isInstance(error) || error.code !== code) throw new Error(`expected an error ${code}, got ${error}`);
}
