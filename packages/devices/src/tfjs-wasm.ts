import { eagerDevice } from './eager-device.ts';
import type { Opener } from './opener.ts';
import { startBackend } from './start-backend.ts';

/** TF.js on WebAssembly. */
export const tfjsWasm: Opener = {
  name: 'tfjs-wasm',
  packages: ['@tensorflow/tfjs-backend-wasm'],
  async open() {
    await import('@tensorflow/tfjs-backend-wasm');
    await startBackend('wasm');
    return eagerDevice('tfjs-wasm', 'wasm');
  },
};
