import { availableParallelism } from 'node:os';
import { compiledDevice } from '../compiled-device.ts';
import type { Opener } from '../opener.ts';
import { inOrder, type OrtRuntime, type OrtSession, tensorsOf } from '../ort-runtime.ts';

/** Multiply-adds from which a second thread gains more than it costs to wake it. */
const worthThreads = 1e6;

export interface OrtCpuOptions {
  /** Threads of a product; as many as the process has cores when left out. */
  readonly threads?: number;
}

/** ONNX Runtime's CPU provider. */
export async function ortCpu({ threads = availableParallelism() }: OrtCpuOptions = {}): Promise<OrtRuntime> {
  const ort = await import('onnxruntime-node');
  const { InferenceSession, Tensor } = ort.default ?? ort;
  return {
    target: { provider: 'cpu', precision: 'float32' },
    tensor: tensorsOf(Tensor),
    async session(model, multiplyAdds) {
      const session = await InferenceSession.create(model, {
        executionProviders: ['cpu'],
        intraOpNumThreads: multiplyAdds < worthThreads ? 1 : threads,
        // The compiler's passes have done it; ONNX Runtime's would take three times as long as the rest of the session.
        graphOptimizationLevel: 'disabled',
        // Its plan of all buffers in one block comes on top of what the arena already holds: 980 instead of 570 MB.
        enableMemPattern: false,
        // Threads that spin while another session or JavaScript works took 30 % of a forward on two cores.
        extra: { session: { force_spinning_stop: '1', ...inOrder } },
        logSeverityLevel: 3,
      });
      return session as unknown as OrtSession;
    },
  };
}

export const ortCpuOpener: Opener = {
  name: 'ort-cpu',
  packages: ['onnxruntime-node'],
  open: async () => compiledDevice('ort-cpu', await ortCpu()),
};
