import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseRecipe } from '../recipes/recipe.ts';
import { runTraining } from '../run/run-training.ts';
import { tinyRecipe } from '../run/tiny-run.ts';
import { runCommand } from '../run-command.ts';
import type { GeneratedText } from '../saved-model/generate-text.ts';
import { smallTokens, writeSmallModel } from '../saved-model/small-saved-model.ts';
import type { MaskedLanguageData } from '../tasks/masked-language.ts';

let folder: string;
let model: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gmlp-generate-'));
  model = join(folder, 'model');
  await writeSmallModel(model, (piece) => ({ '▁cat': 12, '▁sat': 11, '[SEP]': 10 })[piece] ?? 0, { causal: true });
  await writeSmallModel(join(folder, 'looks-ahead'));
});
afterAll(() => rm(folder, { recursive: true }));

const generate = async (...args: string[]): Promise<GeneratedText> => {
  const { code, out, err } = await runCommand(['generate', model, ...args, '--json']);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return JSON.parse(out) as GeneratedText;
};

it('goes on with the likeliest piece until the sequence is full, and leaves nothing behind', async () => {
  const before = tf.engine().state.numTensors;
  const { text, pieces, ended, logProbability } = await generate('the', '--greedy', '--device', 'tfjs-cpu');
  expect(pieces).toEqual(Array<string>(smallTokens - 2).fill('▁cat')); // [CLS], the
  expect(text).toBe(`the${' cat'.repeat(smallTokens - 2)}`);
  expect(ended).toBe(false);
  const total = Math.exp(12) + Math.exp(11) + Math.exp(10) + 285 - 3;
  expect(logProbability).toBeCloseTo((smallTokens - 2) * Math.log(Math.exp(12) / total), 3);
  expect(tf.engine().state.numTensors).toBe(before);
});

it('draws by the seed, ends at [SEP], and keeps to the likely pieces that were asked for', async () => {
  const seeds = Array.from({ length: 12 }, (_, seed) => ['the', '--seed', String(seed), '--device', 'tfjs-cpu'] as const);
  const [drawn, again, two] = [[], [], []] as [GeneratedText[], GeneratedText[], GeneratedText[]];
  for (const args of seeds) {
    drawn.push(await generate(...args, '--top-k', '3'));
    again.push(await generate(...args, '--top-k', '3'));
    two.push(await generate(...args, '--top-p', '0.8'));
  }
  expect(again).toEqual(drawn);
  expect(drawn.some(({ ended }) => ended)).toBe(true);
  expect(drawn.flatMap(({ pieces }) => pieces).every((piece) => ['▁cat', '▁sat'].includes(piece))).toBe(true);
  expect(new Set(drawn.map(({ text }) => text)).size).toBeGreaterThan(6);
  expect(new Set(two.flatMap(({ pieces }) => pieces))).toEqual(new Set(['▁cat', '▁sat']));
  expect(two.every(({ ended }) => !ended)).toBe(true);
});

it('prints the text, cut at the most tokens', async () => {
  const { code, out, err } = await runCommand(['generate', model, 'the', '--greedy', '--tokens', '2', '--device', 'tfjs-cpu']);
  expect({ code, out }).toEqual({ code: 0, out: 'the cat cat\n' });
  expect(err).toMatch(/model on tfjs-cpu: 2 tokens, as many as --tokens allows/);
  expect(await generate('', '--greedy', '--tokens', '1')).toMatchObject({ text: 'cat', prompt: '' });
});

it.each<[string, string[], RegExp]>([
  ['a model that sees later tokens', ['looks-ahead', 'the'], /expected a causal model, .* fills masks: gmlp fill-mask/],
  ['a prompt that is too long', ['model', 'cat '.repeat(20)], /expected a prompt of 1 to 15 tokens, .* got \d\d/],
  ['a temperature of 0', ['model', 'the', '--temperature', '0'], /expected temperature to be a number above 0, got 0/],
  ['a share above 1', ['model', 'the', '--top-p', '1.5'], /expected topP to be above 0 and at most 1, got 1\.5/],
  ['a folder that is no model', ['.', 'the'], /expected a model directory or checkpoint/],
])('refuses %s', async (_, [directory, ...args], message) => {
  const { code, out, err } = await runCommand(['generate', join(folder, directory!), ...args]);
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(err).toMatch(message);
});

it('stops when asked', async () => {
  const { code, out } = await runCommand(['generate', model, 'the'], { signal: AbortSignal.abort() });
  expect({ code, out }).toEqual({ code: 130, out: '' });
});

it('goes on with a text as a run of the task next-token has learned it', async () => {
  await mkdir(join(folder, 'tiny'));
  const tiny = await tinyRecipe(join(folder, 'tiny'));
  const { maskRate: _, ...data } = tiny.data as MaskedLanguageData;
  const recipe = parseRecipe({ ...tiny, task: 'next-token', model: { ...tiny.model, causal: true }, data }, 'next-token');
  const out = join(folder, 'run');
  const io = { stderr: { write: () => true }, signal: new AbortController().signal, now: () => performance.now() / 1000 };
  const { figures, baseline } = await runTraining({ out, recipe, resume: false }, io);
  expect(figures['perplexity']).toBeLessThan(baseline['unigramPerplexity']! / 2);

  const evaluated = await runCommand(['eval', out, '--json', '--device', 'ort-cpu']);
  const { perplexity, nextTokens } = JSON.parse(evaluated.out) as { perplexity: number; nextTokens: number };
  expect(perplexity).toBeCloseTo(figures['perplexity']!, 3);
  expect(nextTokens % 15).toBe(0); // all tokens of a sequence but the first
  const args = ['generate', out, 'The cat', '--greedy', '--device', 'ort-cpu', '--json'];
  const { text } = JSON.parse((await runCommand(args)).out) as GeneratedText;
  expect(text).toMatch(/^The cat sat on the /);
});
