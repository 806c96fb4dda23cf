import type * as Ort from 'onnxruntime-web';
import { compiledDevice } from '../compiled-device.ts';
import type { Opener } from '../opener.ts';
import { inOrder, type OrtRuntime, type OrtSession, tensorsOf } from '../ort-runtime.ts';
import { expectSimd, oneThread } from './web-assembly.ts';

/** ONNX Runtime's CPU provider in WebAssembly; several threads only in a page that is isolated. */
export const ortWasm: Opener = {
  name: 'ort-wasm',
  packages: ['onnxruntime-web'],
  async probe() {
    expectSimd();
    await import('onnxruntime-web/wasm');
  },
  open: async () => compiledDevice('ort-wasm', runtime(await import('onnxruntime-web/wasm'))),
  remark: oneThread,
};

function runtime({ InferenceSession, Tensor }: typeof Ort): OrtRuntime {
  return {
    target: { provider: 'cpu', precision: 'float32' },
    tensor: tensorsOf(Tensor),
    async session(model) {
      const session = await InferenceSession.create(model, {
        executionProviders: ['wasm'],
        graphOptimizationLevel: 'disabled', // the compiler's passes have done it
        enableMemPattern: false,
        extra: { session: inOrder },
        logSeverityLevel: 3,
      });
      return session as unknown as OrtSession;
    },
  };
}
