import { type Gpu, softwareAdapter } from '../adapter.ts';
import type { Opener } from '../opener.ts';
import { openTfjsWebgpu } from '../tfjs-webgpu.ts';
import { expectGpu, noAdapter, softwareDriver } from './gpu-drivers.ts';

/** Gives Node the browser's `navigator.gpu`, by Dawn. */
async function provideGpu(): Promise<Gpu> {
  const scope = globalThis as { navigator?: { readonly gpu?: Gpu } };
  if (scope.navigator?.gpu) return scope.navigator.gpu;
  const { create, globals } = await import('webgpu');
  Object.assign(globalThis, globals);
  const gpu = create([]) as unknown as Gpu;
  if (!scope.navigator) Object.defineProperty(globalThis, 'navigator', { value: {}, configurable: true });
  Object.defineProperty(scope.navigator, 'gpu', { value: gpu, configurable: true });
  return gpu;
}

/** TF.js on WebGPU, which the package `webgpu` brings to Node. */
export const tfjsWebgpu: Opener = {
  name: 'tfjs-webgpu',
  packages: ['@tensorflow/tfjs-backend-webgpu', 'webgpu'],
  async software() {
    const driver = softwareDriver();
    if (driver !== undefined) return driver;
    try {
      expectGpu();
      const adapter = await (await provideGpu()).requestAdapter();
      return adapter ? softwareAdapter(adapter) : undefined;
    } catch {
      return undefined; // opening it says why
    }
  },
  async open() {
    const gpu = provideGpu(); // before TF.js's backend is imported, which looks for it then
    await gpu;
    expectGpu();
    if (!(await (await gpu).requestAdapter())) throw noAdapter();
    return openTfjsWebgpu();
  },
};
