import { eagerDevice } from './eager-device.ts';
import { type Opener, unavailable } from './opener.ts';
import { startBackend } from './start-backend.ts';

/** TF.js on WebAssembly. */
export const tfjsWasm: Opener = {
  name: 'tfjs-wasm',
  packages: ['@tensorflow/tfjs-backend-wasm'],
  async open() {
    await import('@tensorflow/tfjs-backend-wasm');
    await startBackend('wasm').catch(() => {
      throw unavailable(
        'TF.js could not start its wasm backend: it looks for its .wasm files beside the script that loads it',
        'setWasmPaths(...) of @tensorflow/tfjs-backend-wasm, before the device is opened',
      );
    });
    return eagerDevice('tfjs-wasm', 'wasm');
  },
};
