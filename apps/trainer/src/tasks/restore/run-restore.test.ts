import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runRestore } from './run-restore.ts';
import { type RestoreSettings, restoreDefaults } from './settings.ts';

const settings: RestoreSettings = {
  ...restoreDefaults,
  steps: 150,
  batchSize: 8,
  warmupSteps: 10,
  peakRate: 1e-2,
  vocabulary: 310,
  heldOut: 2,
  passages: 6,
  beam: 2,
  model: { ...restoreDefaults.model, tokens: 16, channels: 16, hiddenChannels: 32, heads: 2, layers: 1, dropout: 0.1 },
};

let folder: string;
let source: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gmlp-restore-'));
  source = join(folder, 'text');
  await mkdir(source);
  const places = ['Senate', 'House', 'people', 'States'];
  for (let document = 0; document < 8; document++) {
    const lines = Array.from({ length: 30 }, (_, i) => `We thank the ${places[(i * 3 + document) % 4]}, as I said.`);
    await writeFile(join(source, `${document}.txt`), lines.join('\n'));
  }
});
afterAll(() => rm(folder, { recursive: true }));

// tf.memory() would start one of TF.js’s own backends.
const liveTensors = (): number => tf.engine().state.numTensors;
const io = { stderr: { write: () => true }, now: () => performance.now() / 1000 };

it('learns, measures copying and both searches on held-out text, saves the model and leaks nothing', async () => {
  const before = liveTensors();
  const out = join(folder, 'model');
  const result = await runRestore(settings, { out, source }, { ...io, signal: new AbortController().signal });
  expect(liveTensors()).toBe(before);
  const [first, last] = result.losses;
  expect(last).toBeLessThan(first / 2);
  expect(result.words).toBeGreaterThan(10);
  // Of "We thank the House, as I said." three words are in lower case and bare, and asSentence mends the first and the last.
  expect(result.copying).toBeCloseTo(3 / 7, 6);
  expect(result.copyingAsSentence).toBeCloseTo(5 / 7, 6);
  // What is left is the name's capital, its comma and the I: a model that learns nothing does not get past copying.
  for (const share of [result.greedy, result.beam!]) expect(share).toBeGreaterThan(0.95);
  expect((await readdir(out)).sort()).toEqual(['config.json', 'model.safetensors', 'tokenizer.json']);
});

it('stops when it is told to', async () => {
  await expect(runRestore(settings, { source }, { ...io, signal: AbortSignal.abort() })).rejects.toThrow(/restore: stopped/);
});
