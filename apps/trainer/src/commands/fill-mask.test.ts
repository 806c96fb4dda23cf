import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCommand } from '../run-command.ts';
import { languageFamilies } from '../saved-model/load-language-model.ts';
import { writeSmallModel } from '../saved-model/small-saved-model.ts';

let folder: string;
let model: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gmlp-fill-mask-'));
  model = join(folder, 'model');
  await writeSmallModel(model, (piece) => ({ '▁cat': 12, '▁the': 12 - Math.log(3) })[piece] ?? 0);
  await writeSmallModel(join(folder, 'causal'), undefined, { causal: true });
});
afterAll(() => rm(folder, { recursive: true }));

it.each(['ort-cpu', 'tfjs-wasm', 'tfjs-cpu'])('gives the likeliest pieces for each mask of each text, on %s', async (device) => {
  const before = tf.engine().state.numTensors;
  const texts = ['the [MASK] sat on the [MASK]', ...Array.from({ length: 20 }, () => '[MASK] ran')];
  const { code, out } = await runCommand(['fill-mask', model, ...texts, '--top', '2', '--device', device, '--json']);
  expect(code).toBe(0);
  const filled = JSON.parse(out) as { before: string; after: string; guesses: { piece: string; probability: number }[] }[];
  expect(filled).toHaveLength(22);
  expect(filled[1]).toMatchObject({ before: 'the [MASK] sat on the ', after: '' });
  const others = 285 - 2; // whose logits are zero
  const total = Math.exp(12) * (1 + 1 / 3) + others;
  for (const { guesses } of filled) {
    expect(guesses.map(({ piece }) => piece)).toEqual(['▁cat', '▁the']);
    expect(guesses[0]!.probability).toBeCloseTo(Math.exp(12) / total, 5);
    expect(guesses[1]!.probability).toBeCloseTo(Math.exp(12) / 3 / total, 5);
  }
  expect(tf.engine().state.numTensors).toBe(before);
});

it.each(languageFamilies)('reads a model of the family %s, by whatever it was trained', async (family) => {
  const path = join(folder, family);
  await writeSmallModel(path, (piece) => (piece === '▁cat' ? 12 : 0), { family });
  const filled = await runCommand(['fill-mask', path, 'the [MASK] sat', '--top', '1', '--device', 'tfjs-cpu']);
  expect(filled).toMatchObject({ code: 0, out: 'the [MASK] sat\n    ▁cat 99.8 %\n' });
});

it('prints each text with its guesses', async () => {
  const { code, out, err } = await runCommand(['fill-mask', model, 'the [MASK] sat', '--top', '1', '--device', 'tfjs-cpu']);
  expect({ code, out }).toEqual({ code: 0, out: 'the [MASK] sat\n    ▁cat 74.9 %\n' });
  expect(err).toMatch(/model on tfjs-cpu/);
});

it.each<[string, string[], RegExp]>([
  ['a text without a mask', ['MODEL', 'the cat'], /^there is no \[MASK\] in this text; .*: the cat$/m],
  ['a mask in other letters', ['MODEL', 'the [mask]'], /write \[MASK\] in the place of \[mask\]: the \[mask\]$/m],
  ['one text of two without a mask', ['MODEL', '[MASK]', 'the cat'], /^there is no \[MASK\] in this text; .*: the cat$/m],
  ['a text that is too long', ['MODEL', `[MASK] ${'cat '.repeat(20)}`], /^this text has \d\d pieces, the model reads 14 at once/],
  ['a folder that is no model', ['.', '[MASK]'], /expected a model directory or checkpoint/],
  ['a causal model', ['CAUSAL', '[MASK]'], /got a causal one, which goes on with a text: gmlp generate/],
  ['a model that is not there', ['MODEL/../nowhere', '[MASK]'], /nowhere does not exist/],
])('refuses %s', async (_, args, message) => {
  const { code, out, err } = await runCommand([
    'fill-mask',
    ...args.map((arg) => arg.replace('MODEL', model).replace('CAUSAL', join(folder, 'causal'))),
  ]);
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(err).toMatch(message);
});

it('stops when asked', async () => {
  const { code, out } = await runCommand(['fill-mask', model, '[MASK]'], { signal: AbortSignal.abort() });
  expect({ code, out }).toEqual({ code: 130, out: '' });
});
