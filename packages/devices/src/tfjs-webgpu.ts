import { registerWebgpuKernels } from '@gmlp/ops/webgpu';
import * as tf from '@tensorflow/tfjs-core';
import type { Device } from './device.ts';
import { eagerDevice } from './eager-device.ts';
import { startBackend } from './start-backend.ts';
import { type WatchedGpu, watchGpu } from './watch-gpu.ts';

/** Backends whose GPU was lost: TF.js would go on with them. */
const lost = new WeakSet<object>();

/** TF.js on WebGPU with our kernels, where `navigator.gpu` has an adapter. */
export async function openTfjsWebgpu(): Promise<Device> {
  await import('@tensorflow/tfjs-backend-webgpu');
  const old = tf.engine().registry['webgpu'];
  if (old && lost.has(old)) {
    const factory = tf.findBackendFactory('webgpu');
    tf.removeBackend('webgpu');
    tf.registerBackend('webgpu', factory, 3);
  }
  registerWebgpuKernels();
  await startBackend('webgpu');
  const backend = tf.findBackend('webgpu') as tf.KernelBackend & { readonly device: WatchedGpu };
  void backend.device.lost.then(() => lost.add(backend));
  // What an earlier device did wrong on this GPU is told by now, and not to this one.
  await backend.device.queue.onSubmittedWorkDone();
  return eagerDevice('tfjs-webgpu', 'webgpu', watchGpu('tfjs-webgpu', backend.device));
}
