/** The opener, on copies of the package that this test makes; TensorFlow's own is held to the device suite where it is. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hostArray } from '@gmlp/base';
import '@tensorflow/tfjs-backend-cpu';
import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openDevice } from './open-device.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gmlp-tfjs-node-'));
  vi.stubEnv('GMLP_TFJS_NODE', folder);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

it('GMLP_TFJS_NODE names a copy: it finds what Node 23 dropped, and does not stay the active backend', async () => {
  const core = createRequire(import.meta.url).resolve('@tensorflow/tfjs-core');
  await writeFile(
    join(folder, 'index.js'),
    `const tf = require(${JSON.stringify(core)});
     const { isNullOrUndefined } = require('node:util');
     if (!isNullOrUndefined(null) || isNullOrUndefined(0)) throw new Error('isNullOrUndefined');
     tf.registerBackend('tensorflow', tf.findBackendFactory('cpu'));
     tf.copyRegisteredKernels('cpu', 'tensorflow');
     tf.setBackend('tensorflow');`,
  );
  await tf.setBackend('cpu');
  const device = await openDevice('tfjs-node');
  expect([device.name, tf.getBackend()]).toEqual(['tfjs-node', 'cpu']);
  const x = device.put(hostArray('float32', [2], Float32Array.of(1, 2))) as Tensor;
  const y = await device.compile((value: Tensor) => tf.neg(value))(x);
  expect([...(await device.read(y)).data]).toEqual([-1, -2]);
  tf.dispose([x, y]);
  await device.dispose();
});

it('a copy that does not load is a line with the command that helps', async () => {
  await writeFile(join(folder, 'index.js'), "throw new Error('libtensorflow.so.2: cannot open\\n  at a stack');");
  await expect(openDevice('tfjs-node')).rejects.toThrow(
    `openDevice: tfjs-node: ${folder} does not load (libtensorflow.so.2: cannot open); its install script fetches TensorFlow's library (npm rebuild`,
  );
});

it('a folder that holds no package is told by its name', async () => {
  await expect(openDevice('tfjs-node')).rejects.toThrow(`${folder} does not load`);
});
