/** What the uses of a saved model leave on a device that stays open, counted in sessions of ONNX Runtime and in tensors. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hostArray } from '@gmlp/base';
import { disposeTree } from '@gmlp/devices';
import { compiledDevice, type Device, ortCpu } from '@gmlp/devices/node';
import { inference } from '@gmlp/layers';
import { wordPieceTokenizer } from '@gmlp/models';
import { type FilledMask, likeliest, loadTokenizer } from '@gmlp/text';
import { progressLine } from '@gmlp/training/node';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { evaluateModel } from './evaluate-model.ts';
import { generateText } from './generate-text.ts';
import { type LoadedLanguageModel, loadLanguageModel } from './load-language-model.ts';
import { loadModel } from './load-model.ts';
import { maskFiller } from './mask-filler.ts';
import { bertVocabulary, writeSmallHuggingFaceBert } from './small-hugging-face-bert.ts';
import { smallText, writeSmallModel } from './small-saved-model.ts';

const { signal } = new AbortController();
const sessions = { made: 0, live: 0 };
let folder: string;
let device: Device;
let model: LoadedLanguageModel;
let causal: LoadedLanguageModel;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gmlp-mask-filler-'));
  await writeSmallModel(join(folder, 'model'));
  await writeSmallModel(join(folder, 'causal'), undefined, { causal: true });
  await writeFile(join(folder, 'text.txt'), smallText.repeat(40));
  model = await loadLanguageModel(join(folder, 'model'));
  causal = await loadLanguageModel(join(folder, 'causal'));
  const runtime = await ortCpu();
  device = compiledDevice('ort-cpu', {
    ...runtime,
    async session(...args) {
      const session = await runtime.session(...args);
      sessions.made++;
      sessions.live++;
      const release = async (): Promise<void> => {
        sessions.live--;
        await session.release();
      };
      return { run: (feeds) => session.run(feeds), release };
    },
  });
});
afterAll(async () => {
  await device.dispose();
  await rm(folder, { recursive: true });
});

it('a filler compiles once for 300 calls, and frees all of it', async () => {
  const before = tf.engine().state.numTensors;
  sessions.made = 0;
  const filler = maskFiller(device, model);
  const held = tf.engine().state.numTensors;
  for (let call = 0; call < 300; call++) {
    expect(await filler.fill(['the [MASK] sat'], { count: 1, signal })).toHaveLength(1);
  }
  expect(sessions).toEqual({ made: 1, live: 1 });
  expect(tf.engine().state.numTensors).toBe(held);
  await filler.dispose();
  expect(sessions.live).toBe(0);
  expect(tf.engine().state.numTensors).toBe(before);
  await expect(filler.fill(['the [MASK] sat'], { count: 1, signal })).rejects.toThrow('disposed');
});

it('a BERT of Hugging Face’s reads texts of any length as it knows them: framed, alone, and no padding', async () => {
  const directory = join(folder, 'bert');
  const { module, params } = await writeSmallHuggingFaceBert(directory);
  const filler = maskFiller(device, await loadLanguageModel(directory));
  const texts = ['The [MASK]', 'cats [MASK] the cats the cats'];
  const together = await filler.fill(texts, { count: 9, signal });
  const apart = [];
  for (const text of texts) apart.push(...(await filler.fill([text], { count: 9, signal })));
  const byPiece = ({ guesses }: FilledMask) => Object.fromEntries(guesses.map((each) => [each.piece, each.probability]));
  const closeTo = (filled: FilledMask) =>
    Object.fromEntries(filled.guesses.map(({ piece, probability }) => [piece, expect.closeTo(probability, 5) as unknown]));
  expect(together.map(byPiece)).toEqual(apart.map(closeTo));

  const [ids, positions] = [[2, 5, 4, 3], [2]].map((row) => hostArray('int32', [1, row.length], Int32Array.from(row)));
  const logits = device.compile((weights: never, batch: never) => module.apply(weights, batch, inference));
  const inputs = device.put([params, { ids, positions }]) as [never, never];
  const result = await logits(...inputs);
  const tokenizer = loadTokenizer(wordPieceTokenizer(bertVocabulary.join('\n')));
  const [exact] = likeliest(await device.read(result), tokenizer, texts.slice(0, 1), 9);
  expect(new Set(exact!.guesses.map(({ probability }) => probability)).size).toBe(9);
  expect(apart[0]!.guesses.map(({ piece }) => piece)).toEqual(exact!.guesses.map(({ piece }) => piece));
  expect(byPiece(apart[0]!)).toEqual(closeTo(exact!));
  disposeTree([inputs, result]);
  await filler.dispose();
  await logits.dispose();
});

it('what compiles for one use leaves nothing after it', async () => {
  const whole = await loadModel(join(folder, 'model'));
  const silent = { progress: progressLine({ stream: { write: () => true } }), now: () => 0 };
  const before = tf.engine().state.numTensors;
  for (let call = 0; call < 3; call++) {
    await evaluateModel(device, whole, { data: folder, signal, ...silent, onBatch: () => undefined });
    await generateText(device, causal, 'the cat', { maximumTokens: 2, signal });
    expect(sessions.live).toBe(0);
  }
  expect(tf.engine().state.numTensors).toBe(before);
});
