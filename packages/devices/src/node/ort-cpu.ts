import { availableParallelism } from 'node:os';
import type { OrtRuntime, OrtSession, OrtTensor } from '../ort-runtime.ts';

/** ONNX Runtime's CPU provider, on all cores. */
export async function ortCpu(): Promise<OrtRuntime> {
  const ort = await import('onnxruntime-node');
  const { InferenceSession, Tensor } = ort.default ?? ort;
  return {
    target: 'ort-cpu',
    tensor: (dtype, data, shape) => new Tensor(dtype, data as Float32Array, [...shape]) as unknown as OrtTensor,
    async session(model) {
      const session = await InferenceSession.create(model, {
        executionProviders: ['cpu'],
        intraOpNumThreads: availableParallelism(),
        // The compiler's passes have done it; ONNX Runtime's would take three times as long as the rest of the session.
        graphOptimizationLevel: 'disabled',
        // Its plan of all buffers in one block comes on top of what the arena already holds: 980 instead of 570 MB.
        enableMemPattern: false,
        logSeverityLevel: 3,
        ...JSON.parse(process.env['GMLP_ORT_OPTIONS'] ?? '{}'),
      });
      return session as unknown as OrtSession;
    },
  };
}
