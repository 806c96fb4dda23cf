import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { GmlpError } from '@gmlp/base';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import './each-backend.ts';
import { gelu } from './gelu.ts';
import { expectOneTfjs } from './one-tfjs.ts';
import { softmaxCrossEntropy } from './softmax-cross-entropy.ts';

const require = createRequire(import.meta.url);
const real = realpathSync(require.resolve('@tensorflow/tfjs-core'));
const ours = dirname(dirname(real));
const { platform } = tf.env();
let folder: string;

/** The package once more, with what it needs, under another version. */
function loadCopy(version: string): { path: string; Environment: unknown } {
  const path = join(folder, 'another-name');
  mkdirSync(join(path, 'dist'), { recursive: true });
  symlinkSync(join(ours, '..', '..'), join(folder, 'node_modules'), 'junction');
  const file = join(path, 'dist', 'tf-core.node.js');
  writeFileSync(file, readFileSync(real, 'utf8').replaceAll("'4.22.0'", `'${version}'`));
  vi.spyOn(console, 'warn').mockImplementation(() => undefined); // that the platform was set before
  const core: { version_core: string; Environment: unknown } = require(file);
  expect([core.version_core, core.Environment === tf.Environment]).toEqual([version, false]);
  return { path, Environment: core.Environment };
}

function thrownBy(body: () => unknown): unknown {
  try {
    return body();
  } catch (error) {
    return error;
  }
}

beforeEach(async () => {
  await tf.setBackend('cpu');
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'gmlp-one-tfjs-')));
});

afterEach(() => {
  for (const file of Object.keys(require.cache).filter((name) => name.startsWith(folder))) delete require.cache[file];
  rmSync(folder, { recursive: true });
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  tf.env().setPlatform('node', platform);
  expectOneTfjs();
});

it('a second version that is loaded later is refused by the next op, with both paths and versions', () => {
  const x = tf.ones([2]);
  gelu(x).dispose();
  const { path } = loadCopy('4.21.0');
  const error = thrownBy(() => gelu(x)) as GmlpError;
  expect(GmlpError.isInstance(error)).toBe(true);
  expect([error.code, error.fields]).toEqual([
    'version-conflict',
    { uses: { version: '4.22.0', path: ours }, others: [{ version: '4.21.0', path }] },
  ]);
  for (const part of ['4.22.0', ours, '4.21.0', path, 'npm ls @tensorflow/tfjs-core']) expect(error.message).toContain(part);
  expect(thrownBy(() => tf.grad((at) => gelu(at))(x))).toMatchObject({ message: error.message });
  x.dispose();
});

it('a second copy of the same version is refused too, instead of a wrong gradient', () => {
  const [logits, labels] = [tf.tensor2d([[0.2, 1, 2]]), tf.tensor1d([0], 'int32')];
  const gradient = (): number[] => {
    const of = tf.grad((z: tf.Tensor) => softmaxCrossEntropy(z, labels).sum)(logits);
    return [...of.dataSync()].map((value) => Math.round(value * 100) / 100);
  };
  expect(gradient()).toEqual([-0.89, 0.24, 0.65]);
  const { path } = loadCopy('4.22.0');
  expect(tf.env().platform).not.toBe(platform);
  expect(thrownBy(gradient)).toMatchObject({
    code: 'version-conflict',
    fields: { uses: { version: '4.22.0', path: ours }, others: [{ version: '4.22.0', path }] },
  });
  tf.dispose([logits, labels]);
});

it("a script's version is refused, and so is one that another copy of the package noted", () => {
  class Environment {}
  const anew = (): void => tf.env().setPlatform('node', { ...platform });
  vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  vi.stubGlobal('tf', { version_core: '3.21.0', Environment });
  anew();
  expect(expectOneTfjs).toThrow(/version 3\.21\.0 at globalThis\.tf/);
  vi.stubGlobal('tf', tf);
  expectOneTfjs();

  const noted = (globalThis as unknown as { [name: symbol]: Map<unknown, object> })[Symbol.for('gmlp.tfjs')]!;
  expect(noted.get(tf.Environment)).toEqual({ version: '4.22.0', path: ours });
  noted.set(Environment, { version: '4.23.0', path: 'https://example.org/app.js' });
  anew();
  expect(expectOneTfjs).toThrow(/version 4\.23\.0 at https:\/\/example\.org\/app\.js/);
  noted.delete(Environment);
});
