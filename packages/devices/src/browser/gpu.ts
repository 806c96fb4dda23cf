/** The browser's WebGPU. */
import { type Adapter, type Gpu, softwareAdapter } from '../adapter.ts';
import { unavailable } from '../opener.ts';

const gpu = (): Gpu | undefined => (globalThis as { readonly navigator?: { readonly gpu?: Gpu } }).navigator?.gpu;

/** Throws what a page lacks for WebGPU. */
export async function expectAdapter(): Promise<Adapter> {
  if (!(globalThis as { isSecureContext?: boolean }).isSecureContext) {
    throw unavailable('the page has no WebGPU, as it was not loaded securely', 'serve it from https:// or from localhost');
  }
  const own = gpu();
  if (!own) throw unavailable('this browser has no WebGPU', 'take a current Chrome, Edge, Safari or Firefox');
  const adapter = await own.requestAdapter();
  if (!adapter) throw unavailable('WebGPU has no adapter here: no GPU, or one that the browser blocks', 'see chrome://gpu');
  return adapter;
}

export async function softwareGpu(): Promise<string | undefined> {
  const adapter = await gpu()?.requestAdapter();
  return adapter ? softwareAdapter(adapter) : undefined;
}
