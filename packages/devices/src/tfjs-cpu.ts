import { eagerDevice } from './eager-device.ts';
import type { Opener } from './opener.ts';
import { startBackend } from './start-backend.ts';

/** TF.js in plain JavaScript. */
export const tfjsCpu: Opener = {
  name: 'tfjs-cpu',
  packages: ['@tensorflow/tfjs-backend-cpu'],
  async open() {
    await import('@tensorflow/tfjs-backend-cpu');
    await startBackend('cpu');
    return eagerDevice('tfjs-cpu', 'cpu');
  },
};
