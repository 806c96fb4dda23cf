import { copyModel } from '@gmlp/compiler';
import { compiledDevice } from '../compiled-device.ts';
import type { Opener } from '../opener.ts';
import { type OrtRuntime, type OrtSession, tensorsOf } from '../ort-runtime.ts';
import { webgpuSessionOptions } from '../ort-webgpu-session.ts';
import { expectGpu, noAdapter, softwareDriver } from './gpu-drivers.ts';

/**
 * ONNX Runtime's WebGPU provider, on Vulkan, Metal or Direct3D. With `wholly` it refuses graphs of which a node would run on
 * the CPU.
 */
export async function ortWebgpu({ wholly = false }: { readonly wholly?: boolean } = {}): Promise<OrtRuntime> {
  const ort = await import('onnxruntime-node');
  const { InferenceSession, Tensor } = ort.default ?? ort;
  return {
    target: { provider: 'webgpu', precision: 'float32' },
    onGpu: true,
    tensor: tensorsOf(Tensor),
    async session(model, _, places) {
      return (await InferenceSession.create(model, webgpuSessionOptions({ places, wholly }))) as unknown as OrtSession;
    },
  };
}

export const ortWebgpuOpener: Opener = {
  name: 'ort-webgpu',
  packages: ['onnxruntime-node'],
  software: async () => softwareDriver(),
  async open() {
    const runtime = await ortWebgpu(); // first, as without the package no driver helps
    expectGpu();
    try {
      await (await runtime.session(copyModel('float32'), 0)).release();
    } catch (error) {
      if (!/adapter/.test((error as Error).message)) throw error;
      throw noAdapter();
    }
    return compiledDevice('ort-webgpu', runtime);
  },
};
