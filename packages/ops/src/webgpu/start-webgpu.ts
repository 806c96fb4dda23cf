/** For the tests: TF.js's WebGPU backend in Node, through Dawn. Returns why there is none, or nothing when it is the active one. */
import * as tf from '@tensorflow/tfjs-core';
import { create, globals } from 'webgpu';

export async function startWebgpu(): Promise<string | undefined> {
  Object.assign(globalThis, globals);
  const gpu = create([]);
  if (!(await gpu.requestAdapter())) return 'no WebGPU adapter; VK_DRIVER_FILES may name the Vulkan driver of a software GPU';
  if (!('navigator' in globalThis)) Object.defineProperty(globalThis, 'navigator', { value: {}, configurable: true });
  Object.defineProperty(globalThis.navigator, 'gpu', { value: gpu, configurable: true });
  await import('@tensorflow/tfjs-backend-webgpu'); // registers itself only where it finds navigator.gpu
  await tf.setBackend('webgpu');
  return undefined;
}
