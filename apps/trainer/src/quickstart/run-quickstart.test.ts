import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readModelDirectory } from '@gmlp/checkpoint/node';
import { loadStrict } from '@gmlp/layers';
import { createModel, type GmlpLanguageOptions } from '@gmlp/models';
import { expectVocabulary, loadTokenizer } from '@gmlp/text';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runQuickstart } from './run-quickstart.ts';
import { type QuickstartSettings, quickstartDefaults } from './settings.ts';

const settings: QuickstartSettings = {
  ...quickstartDefaults,
  steps: 200,
  warmupSteps: 5,
  peakRate: 2e-2,
  vocabulary: 305,
  heldOut: 2,
  evaluations: 2,
  sentences: ['The cat sat on the [MASK].'],
  model: { ...quickstartDefaults.model, tokens: 16, channels: 16, hiddenChannels: 32, layers: 2 },
};

let folder: string;
let source: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gmlp-quickstart-'));
  source = join(folder, 'text');
  await mkdir(source);
  const animals = ['cat', 'dog', 'bird', 'mouse', 'horse'];
  for (let document = 0; document < 10; document++) {
    const lines = Array.from(
      { length: 60 },
      (_, i) => `The ${animals[(i * 7 + document) % 5]} sat on the mat and the ${animals[(i + document) % 5]} ran.`,
    );
    await writeFile(join(source, `${document}.txt`), lines.join(' '));
  }
});
afterAll(() => rm(folder, { recursive: true }));

// tf.memory() would start one of TF.js’s own backends.
const liveTensors = (): number => tf.engine().state.numTensors;

const quiet = { stderr: { write: () => true }, now: () => performance.now() / 1000 };
const signal = new AbortController().signal;

it('trains, measures, saves a model that loads again and writes the report; twice the same, leaking nothing', async () => {
  const out = join(folder, 'run');
  const before = liveTensors();
  const first = await runQuickstart(settings, { out, source }, { ...quiet, signal });
  expect(liveTensors()).toBe(before);
  expect(first.valPerplexity).toBeLessThan(first.unigramPerplexity); // it learned something
  expect((await readdir(out)).sort()).toEqual([
    'config.json',
    'metrics.jsonl',
    'model.safetensors',
    'report.html',
    'tokenizer.json',
  ]);
  expect(await readdir(folder)).toEqual(expect.arrayContaining(['run', 'text']));
  expect(await readdir(folder)).toHaveLength(2); // nothing temporary stays

  const lines = (await readFile(join(out, 'metrics.jsonl'), 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, number>);
  const { valPerplexity, unigramPerplexity, seconds } = first;
  expect(lines.at(-1)).toEqual({ valPerplexity, unigramPerplexity, seconds });
  expect(Object.keys(lines.at(-1)!)).toEqual(['valPerplexity', 'unigramPerplexity', 'seconds']);
  const steps = lines.filter((line) => 'learningRate' in line);
  expect(steps.map(({ step }) => step)).toEqual(Array.from({ length: 20 }, (_, i) => 10 * (i + 1)));
  expect(Object.keys(steps[0]!)).toEqual([
    'step',
    'loss',
    'perplexity',
    'learningRate',
    'tokensPerSecond',
    'seconds',
    'timeLeft',
    'split',
  ]);

  const saved = await readModelDirectory(out);
  const { module, config } = createModel(saved.config as GmlpLanguageOptions);
  loadStrict(module.spec, saved.tensors);
  expectVocabulary(loadTokenizer(saved.tokenizer!), config.vocabulary);
  expect(await readFile(join(out, 'report.html'), 'utf8')).toContain('Block 2');

  const second = await runQuickstart(settings, { out, source }, { ...quiet, signal }); // replaces the first
  expect({ ...second, seconds: 0 }).toEqual({ ...first, seconds: 0 });
  expect(await readModelDirectory(out)).toEqual(saved);

  const otherSeed = await runQuickstart({ ...settings, seed: 1, steps: 1 }, { out, source }, { ...quiet, signal });
  expect(otherSeed.unigramPerplexity).not.toBe(first.unigramPerplexity); // other addresses are held out
});

it('stopped half-way it leaves the earlier run as it was, and nothing of its own', async () => {
  const out = join(folder, 'stopped');
  await runQuickstart({ ...settings, steps: 1 }, { out, source }, { ...quiet, signal });
  const report = await readFile(join(out, 'report.html'), 'utf8');
  const before = liveTensors();
  const abort = new AbortController();
  const stderr = { write: (text: string) => text.includes('validation perplexity') && abort.abort() };
  await expect(runQuickstart(settings, { out, source }, { ...quiet, stderr, signal: abort.signal })).rejects.toMatchObject({
    code: 'aborted',
  });
  expect(await readFile(join(out, 'report.html'), 'utf8')).toBe(report);
  expect((await readdir(folder)).filter((name) => name.startsWith('.'))).toEqual([]);
  expect(liveTensors()).toBe(before);
});

it('a text that is too short is refused by name', async () => {
  const lone = join(folder, 'lone');
  await mkdir(lone);
  await writeFile(join(lone, 'a.txt'), 'One document.');
  await expect(runQuickstart(settings, { out: join(folder, 'none'), source: lone }, { ...quiet, signal })).rejects.toMatchObject({
    code: 'invalid-data',
    message: expect.stringMatching(/1 document of 1 passage .* give more text/),
  });
  await rm(lone, { recursive: true });
});
