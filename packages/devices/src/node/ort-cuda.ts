import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { copyModel } from '@gmlp/compiler';
import { compiledDevice } from '../compiled-device.ts';
import { type Opener, unavailable } from '../opener.ts';
import { inOrder, type OrtRuntime, type OrtSession, tensorsOf } from '../ort-runtime.ts';

/** ONNX Runtime's CUDA provider. Its JavaScript has no tensors on CUDA: arrays are the host's, and are copied at each call. */
async function ortCuda(): Promise<OrtRuntime> {
  const ort = await import('onnxruntime-node');
  const { InferenceSession, Tensor } = ort.default ?? ort;
  return {
    target: { provider: 'cuda', precision: 'float32' },
    tensor: tensorsOf(Tensor),
    async session(model) {
      const session = await InferenceSession.create(model, {
        executionProviders: ['cuda', 'cpu'],
        extra: { session: inOrder },
        logSeverityLevel: 3,
      });
      return session as unknown as OrtSession;
    },
  };
}

/** The library of the CUDA provider is no part of the package: its install step fetches it, where scripts are allowed. */
function expectLibrary(): void {
  const supported = `${process.platform}/${process.arch}`;
  if (supported !== 'linux/x64') throw unavailable(`onnxruntime-node has CUDA on linux/x64 alone, this is ${supported}`);
  const script = join(dirname(createRequire(import.meta.url).resolve('onnxruntime-node')), '../script/install.js');
  const library = join(script, '../../bin/napi-v6/linux/x64/libonnxruntime_providers_cuda.so');
  if (existsSync(library)) return;
  const fix = `node ${/\s/.test(script) ? JSON.stringify(script) : script} --onnxruntime-node-install=cuda12`;
  throw unavailable(
    "onnxruntime-node's CUDA libraries are not installed: package managers that run no install scripts skip them",
    fix,
  );
}

export const ortCudaOpener: Opener = {
  name: 'ort-cuda',
  packages: ['onnxruntime-node'],
  async open() {
    const runtime = await ortCuda();
    expectLibrary();
    if (!existsSync('/dev/nvidiactl') && !existsSync('/dev/dxg')) {
      throw unavailable('no NVIDIA driver: /dev/nvidiactl does not exist', 'nvidia-smi, which says what the driver lacks');
    }
    try {
      await (await runtime.session(copyModel('float32'), 0)).release();
    } catch (error) {
      const message = (error as Error).message.trim().split('\n')[0]!;
      throw unavailable(
        `CUDA does not start (${message}); it needs CUDA 12 and cuDNN 9`,
        'nvidia-smi, which names the version of CUDA',
      );
    }
    return compiledDevice('ort-cuda', runtime);
  },
};
