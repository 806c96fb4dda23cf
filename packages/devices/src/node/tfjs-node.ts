import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import util from 'node:util';
import { GmlpError } from '@gmlp/base';
import type { Device } from '../device.ts';
import { eagerDevice } from '../eager-device.ts';
import { inClone } from '../install-command.ts';
import { type Opener, unavailable } from '../opener.ts';
import { keepingBackend, startBackend } from '../start-backend.ts';
import { shareTfjs } from './share-tfjs.ts';

const packages = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'] as const;

/** TF.js on TensorFlow's C library, with CUDA if the package with it is there. GMLP_TFJS_NODE names the folder of a copy. */
export const tfjsNode: Opener = {
  name: 'tfjs-node',
  packages: [packages[1]],
  async open(): Promise<Device> {
    // Node 23 dropped it, and the package still asks for it.
    const old = util as { isNullOrUndefined?: (value: unknown) => boolean };
    old.isNullOrUndefined ??= (value) => value === null || value === undefined;
    await keepingBackend(async () => load());
    await startBackend('tensorflow');
    return eagerDevice('tfjs-node', 'tensorflow');
  },
};

function load(): void {
  const require = createRequire(import.meta.url);
  const copy = process.env['GMLP_TFJS_NODE'];
  for (const name of copy ? [resolve(copy)] : packages) {
    try {
      shareTfjs(name, require.resolve(name));
      require(name);
      return;
    } catch (error) {
      if (GmlpError.isInstance(error)) throw error;
      const { code, message } = error as { code?: string; message: string };
      if (!copy && code === 'MODULE_NOT_FOUND' && message.includes(`'${name}'`)) continue;
      const fix = `npm rebuild ${copy ? packages[1] : name} --foreground-scripts`;
      throw unavailable(
        `${name} does not load (${message.trim().split('\n')[0]}); its install script fetches TensorFlow's library`,
        fix,
      );
    }
  }
  if (inClone()) {
    const fix = `npm install --prefix tfjs-node ${packages[1]}, and GMLP_TFJS_NODE=${resolve('tfjs-node/node_modules', packages[1])} gmlp devices`;
    throw unavailable(`${packages[1]} is not installed`, fix);
  }
  throw Object.assign(new Error(`Cannot find package '${packages[1]}'`), { code: 'ERR_MODULE_NOT_FOUND' });
}
