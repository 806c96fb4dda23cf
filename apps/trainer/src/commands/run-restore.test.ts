import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseRecipe } from '../recipes/recipe.ts';
import { runCommand } from '../run-command.ts';
import { restoreRecipe, runRestore } from './run-restore.ts';

let folder: string;
let path: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gmlp-restore-'));
  path = join(folder, 'text');
  await mkdir(path);
  const places = ['Senate', 'House', 'people', 'States'];
  for (let document = 0; document < 8; document++) {
    const lines = Array.from({ length: 30 }, (_, i) => `We thank the ${places[(i * 3 + document) % 4]}, as I said.`);
    await writeFile(join(path, `${document}.txt`), lines.join('\n'));
  }
});
afterAll(() => rm(folder, { recursive: true }));

// tf.memory() would start one of TF.js’s own backends.
const liveTensors = (): number => tf.engine().state.numTensors;

it('learns, measures copying and both searches on held-out text, saves a model that eval reads, and leaks nothing', async () => {
  const of = restoreRecipe({ seed: 0, steps: 150 });
  const recipe = parseRecipe(
    {
      ...of,
      model: { ...of.model, tokens: 16, channels: 16, hiddenChannels: 32, heads: 2, layers: 1, dropout: 0.1 },
      data: { source: 'text', path, heldOut: 2, vocabulary: 310, passages: 6 },
      optimiser: { ...of.optimiser, peakRate: 1e-2, warmupSteps: 10 },
      batchSize: 8,
    },
    'tiny',
  );
  const before = liveTensors();
  const out = join(folder, 'run');
  const io = { stderr: { write: () => true }, now: () => performance.now() / 1000, signal: new AbortController().signal };
  const { summary, words, beam, examples } = await runRestore({ out, recipe, beam: 2 }, io);
  expect(liveTensors()).toBe(before);
  expect(words).toBeGreaterThan(10);
  const { figures, baseline } = summary;
  // Of "We thank the House, as I said." three words are in lower case and bare, and asSentence mends the first and the last.
  expect(baseline['copying']).toBeCloseTo(3 / 7, 6);
  expect(baseline['copyingAsSentence']).toBeCloseTo(5 / 7, 6);
  // What is left is the name's capital, its comma and the I: a model that learns nothing does not get past copying.
  for (const share of [figures['wordAccuracy'], beam]) expect(share).toBeGreaterThan(0.95);
  expect(examples[0]!.source).toMatch(/^we thank the \w+ as i said/);
  expect(examples[0]!.restored).toMatch(/^We thank the \w+, as I said\./);

  const evaluated = await runCommand(['eval', out, '--json', '--device', 'ort-cpu']);
  expect(JSON.parse(evaluated.out)).toMatchObject({ wordAccuracy: figures['wordAccuracy'], words });
  const own = await runCommand(['eval', out, '--data', path, '--device', 'ort-cpu']);
  expect(own.out).toMatch(/word accuracy (9[5-9]|100)\.\d %\n/);
});
