import { hostArray } from '@gmlp/base';
import { skippedWithoutVulkan, vulkan } from '@gmlp/testing';
import '@tensorflow/tfjs-backend-cpu';
import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { compiledDevice, eagerDevice, type OrtRuntime, openDevice, ortCpu, type WatchedGpu, watchGpu } from './node/index.ts';

type Listener = Parameters<WatchedGpu['addEventListener']>[1];

/** A GPU that says what it is told to. */
function fakeGpu() {
  let lose: (info: { reason: string; message: string }) => void = () => {};
  const listeners: Listener[] = [];
  const gpu: WatchedGpu = {
    lost: new Promise((resolve) => {
      lose = resolve;
    }),
    queue: { onSubmittedWorkDone: async () => undefined },
    addEventListener: (_, listener) => void listeners.push(listener),
  };
  const say = (error: Error): void => {
    for (const listener of listeners) listener({ error });
  };
  return { gpu, lose, say };
}

class GPUOutOfMemoryError extends Error {}
class GPUValidationError extends Error {}

it('a job that waits for a lost GPU for ever ends with the loss, and so do those after it', async () => {
  const { gpu, lose } = fakeGpu();
  const watch = watchGpu('tfjs-webgpu', gpu);
  const waiting = watch.during(new Promise(() => {}));
  lose({ reason: 'unknown', message: 'the driver was reset' });
  const loss = { name: 'GmlpError', code: 'device-lost', message: expect.stringContaining('unknown: the driver was reset') };
  await expect(waiting).rejects.toMatchObject(loss);
  await expect(watch.during(Promise.resolve(1))).rejects.toMatchObject(loss);
  expect(() => watch.expectWell()).toThrow('open it again');
});

it('a job that fails as its GPU is lost tells the loss, though that is told later', async () => {
  const { gpu, lose } = fakeGpu();
  const job = watchGpu('tfjs-webgpu', gpu).during(Promise.reject(new Error('AbortError')));
  setTimeout(() => lose({ reason: 'destroyed', message: 'gone' }), 20);
  await expect(job).rejects.toMatchObject({ code: 'device-lost' });
});

it.each([
  ['out-of-memory', new GPUOutOfMemoryError('vkAllocateMemory failed')],
  ['out-of-memory', new GPUValidationError('Buffer size (4000) exceeds the max buffer size limit (1000)')],
  ['device-failure', new GPUValidationError('Error while parsing WGSL: unexpected token')],
])('what a GPU says aside is thrown by the read that comes next: %s', async (code, error) => {
  const { gpu, say } = fakeGpu();
  await tf.setBackend('cpu');
  const device = eagerDevice('tfjs-cpu', 'cpu', watchGpu('tfjs-cpu', gpu));
  const x = device.put(hostArray('float32', [1], Float32Array.of(2))) as Tensor;
  const run = device.compile((value: Tensor) => tf.neg(value));
  const y = await run(x);
  say(error);
  const told = { name: 'GmlpError', code, message: expect.stringContaining(error.message) };
  await expect(device.read(y)).rejects.toMatchObject(told);
  await expect(run(x)).rejects.toMatchObject(told);
  tf.dispose([x, y]);
});

it.each([
  ['device-lost', 'WebGPU device lost (1): reset'],
  ['out-of-memory', 'std::bad_alloc'],
  ['device-failure', 'Non-zero status code returned while running Gemm node'],
])('what ONNX Runtime throws is an error of ours: %s', async (code, message) => {
  const runtime = await ortCpu();
  const failing: OrtRuntime = {
    ...runtime,
    session: async () => ({ run: () => Promise.reject(new Error(message)), release: async () => {} }),
  };
  const device = compiledDevice('ort-cpu', failing);
  const x = device.put(hostArray('float32', [1], Float32Array.of(2)));
  const before = tf.memory().numTensors;
  await expect(device.compile((value: Tensor) => tf.neg(value))(x)).rejects.toMatchObject({
    name: 'GmlpError',
    code,
    message: expect.stringContaining(message),
  });
  expect(tf.memory().numTensors).toBe(before);
  x.dispose();
  await device.dispose();
});

/** TF.js's GPU, behind the device. */
function gpuOfTfjs(): { destroy(): void; createShaderModule(of: object): object; createComputePipeline(of: object): object } {
  return (tf.findBackend('webgpu') as unknown as { device: ReturnType<typeof gpuOfTfjs> }).device;
}

const vector = () => hostArray('float32', [4], Float32Array.of(1, 2, 3, 4));
const onGpu = it.skipIf(!vulkan);
const why = vulkan ? '' : skippedWithoutVulkan;

onGpu(`tfjs-webgpu: a destroyed GPU, a shader that is none, too large a tensor; each time a new one works ${why}`, async () => {
  const breaking: Record<string, (run: (fn: (x: Tensor) => Tensor) => Promise<Tensor>) => unknown> = {
    'device-lost': () => gpuOfTfjs().destroy(),
    'device-failure': () => {
      const module = gpuOfTfjs().createShaderModule({ code: 'no WGSL' });
      gpuOfTfjs().createComputePipeline({ layout: 'auto', compute: { module } });
    },
    'out-of-memory': async (run) => (await run((x) => tf.tile(x, [2.5e8]))).dispose(),
  };
  for (const [code, breakIt] of Object.entries(breaking)) {
    const device = await openDevice('tfjs-webgpu');
    tf.env().set('WEBGPU_CPU_FORWARD', false); // small tensors too
    const x = device.put(vector()) as Tensor;
    const double = device.compile((value: Tensor) => tf.add(value, value));
    const good = await double(x);
    expect([...(await device.read(good)).data]).toEqual([2, 4, 6, 8]);
    const pending = await double(good);
    await breakIt((fn) => device.compile(fn)(x));
    await expect(device.read(pending), code).rejects.toMatchObject({ name: 'GmlpError', code });
    await expect(double(x), code).rejects.toMatchObject({ code });
    tf.dispose([x, good, pending]);
    await device.dispose();
  }
  const device = await openDevice('tfjs-webgpu');
  const x = device.put(vector()) as Tensor;
  expect([...(await device.read(x)).data]).toEqual([1, 2, 3, 4]);
  x.dispose();
  await device.dispose();
});

onGpu(`ort-webgpu: too large a tensor ${why}`, async () => {
  const device = await openDevice('ort-webgpu');
  const x = device.put(vector()) as Tensor;
  const large = device.compile((value: Tensor) => tf.tile(value, [2.5e8]));
  await expect(large(x)).rejects.toMatchObject({ name: 'GmlpError', code: 'out-of-memory' });
  x.dispose();
  await device.dispose();
});
