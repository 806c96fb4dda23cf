/** The opener, on copies of the package that this test makes; TensorFlow's own is held to the device suite where it is. */
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { hostArray } from '@gmlp/base';
import { softmaxCrossEntropy } from '@gmlp/ops';
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
  vi.restoreAllMocks();
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

/** A TensorFlow package of the copy's own; those that it needs are found where this process has them. */
async function ownCopy(id: string, version: string): Promise<void> {
  const file = createRequire(import.meta.url).resolve(id);
  const target = join(folder, 'node_modules', id);
  await mkdir(join(target, 'dist'), { recursive: true });
  await cp(file, join(target, 'dist', basename(file)));
  await writeFile(join(target, 'package.json'), JSON.stringify({ name: id, version, main: `dist/${basename(file)}` }));
}

it('a copy with a TensorFlow.js of its own gets the one of this process, and gradients stay right', async () => {
  await ownCopy('@tensorflow/tfjs-core', '4.22.0');
  await ownCopy('@tensorflow/tfjs-backend-cpu', '4.22.0');
  await writeFile(
    join(folder, 'index.js'),
    `const tf = require('@tensorflow/tfjs-core');
     require('@tensorflow/tfjs-backend-cpu'); // its kernels would take the place of those that are there
     tf.registerBackend('tensorflow', tf.findBackendFactory('cpu'));
     tf.copyRegisteredKernels('cpu', 'tensorflow');`,
  );
  vi.spyOn(console, 'warn').mockImplementation(() => undefined); // that the test before registered 'tensorflow' too
  const device = await openDevice('tfjs-node');
  for (const on of [device, await openDevice('tfjs-cpu')]) {
    const logits = on.put(hostArray('float32', [1, 3], Float32Array.of(0.2, 1, 2))) as Tensor;
    const labels = on.put(hostArray('int32', [1], Int32Array.of(0))) as Tensor;
    const gradient = on.compile((z: Tensor, at: Tensor) => tf.grad((x: Tensor) => softmaxCrossEntropy(x, at).sum)(z));
    const result = await gradient(logits, labels);
    expect([...(await on.read(result)).data].map((value) => Math.round(value * 100) / 100)).toEqual([-0.89, 0.24, 0.65]);
    tf.dispose([logits, labels, result]);
    await on.dispose();
  }
});

it('a copy with another version of TensorFlow.js is refused before it is loaded', async () => {
  await ownCopy('@tensorflow/tfjs-core', '4.21.0');
  await writeFile(join(folder, 'index.js'), `require('@tensorflow/tfjs-core'); globalThis.gmlpLoadedTwice = true;`);
  await expect(openDevice('tfjs-node')).rejects.toThrow(
    `${folder} comes with @tensorflow/tfjs-core 4.21.0, this process has 4.22.0, and two versions cannot share it (install version 4.22.0 of it`,
  );
  expect(globalThis).not.toHaveProperty('gmlpLoadedTwice');
});
