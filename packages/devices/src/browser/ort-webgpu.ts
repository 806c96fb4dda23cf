import { copyModel } from '@gmlp/compiler';
import type * as Ort from 'onnxruntime-web';
import { callQueue } from '../call-queue.ts';
import { compiledDevice } from '../compiled-device.ts';
import type { Opener } from '../opener.ts';
import { type OrtRuntime, type OrtSession, tensorsOf } from '../ort-runtime.ts';
import { webgpuSessionOptions } from '../ort-webgpu-session.ts';
import { type WatchedGpu, watchGpu } from '../watch-gpu.ts';
import { expectAdapter, softwareGpu } from './gpu.ts';
import { expectSimd } from './web-assembly.ts';

/** In a page ONNX Runtime refuses to make a session on WebGPU while it makes another. */
const making = callQueue('ort-webgpu');

/** ONNX Runtime's WebGPU provider. With `wholly` it refuses graphs of which a node would run on the CPU. */
export async function ortWebgpu({ wholly = false }: { readonly wholly?: boolean } = {}): Promise<OrtRuntime> {
  const { InferenceSession, Tensor, env }: typeof Ort = await import('onnxruntime-web/webgpu');
  // ONNX Runtime starts its GPU with the first session and destroys it with the last: this one lasts as long as the device.
  const first = await making.run(() => InferenceSession.create(copyModel('float32'), webgpuSessionOptions()));
  const gpu = (await env.webgpu.device) as unknown as WatchedGpu;
  return {
    target: { provider: 'webgpu', precision: 'float32' },
    onGpu: true,
    watch: watchGpu('ort-webgpu', gpu),
    tensor: tensorsOf(Tensor),
    async session(model, _, places) {
      const options = webgpuSessionOptions({ places, wholly });
      return (await making.run(() => InferenceSession.create(model, options))) as unknown as OrtSession;
    },
    release: () => first.release(),
  };
}

export const ortWebgpuOpener: Opener = {
  name: 'ort-webgpu',
  packages: ['onnxruntime-web'],
  software: softwareGpu,
  async probe() {
    expectSimd();
    await expectAdapter();
    await import('onnxruntime-web/webgpu');
  },
  open: async () => compiledDevice('ort-webgpu', await ortWebgpu()),
};
