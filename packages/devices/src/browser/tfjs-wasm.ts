import type { Opener } from '../opener.ts';
import { tfjsWasm as anywhere } from '../tfjs-wasm.ts';
import { expectWebAssembly, oneThread } from './web-assembly.ts';

export const tfjsWasm: Opener = {
  ...anywhere,
  async probe() {
    expectWebAssembly();
    await import('@tensorflow/tfjs-backend-wasm');
  },
  remark: oneThread,
};
