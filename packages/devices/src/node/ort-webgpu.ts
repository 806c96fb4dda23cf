import { copyModel } from '@gmlp/compiler';
import { compiledDevice } from '../compiled-device.ts';
import { type Opener, unavailable } from '../opener.ts';
import type { OrtRuntime, OrtSession, OrtTensor } from '../ort-runtime.ts';
import { webgpuSessionOptions } from '../ort-webgpu-session.ts';
import { expectGpu, softwareDriver } from './gpu-drivers.ts';

/**
 * ONNX Runtime's WebGPU provider, on Vulkan, Metal or Direct3D. With `wholly` it refuses graphs of which a node would run on
 * the CPU.
 */
export async function ortWebgpu({ wholly = false }: { readonly wholly?: boolean } = {}): Promise<OrtRuntime> {
  const ort = await import('onnxruntime-node');
  const { InferenceSession, Tensor } = ort.default ?? ort;
  return {
    target: 'portable',
    onGpu: true,
    tensor: (dtype, data, shape) => new Tensor(dtype, data as Float32Array, [...shape]) as unknown as OrtTensor,
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
      throw unavailable('WebGPU has no adapter here: the driver of the GPU offers no Vulkan, Metal or Direct3D 12');
    }
    return compiledDevice('ort-webgpu', runtime);
  },
};
