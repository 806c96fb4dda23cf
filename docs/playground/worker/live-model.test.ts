/** The page's models without a page: trained, left and taken up again, saved for the command line, and loaded from what it saves. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HostArray } from '@gmlp/base';
import { saveCheckpoint } from '@gmlp/checkpoint/node';
import { type Device, openDevice } from '@gmlp/devices/node';
import { loadTokenizer } from '@gmlp/text';
import * as tf from '@tensorflow/tfjs-core';
import ort from 'onnxruntime-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeFinalModel } from '../../../apps/trainer/src/run/final-model.ts';
import { runPaths } from '../../../apps/trainer/src/run/run-paths.ts';
import { runCommand } from '../../../apps/trainer/src/run-command.ts';
import { atRest, disposeModel, type LiveModel, onnxOf, putModel } from './live-model.ts';
import { languageModelOf, modelFilesOf } from './model-files.ts';
import { type ModelKind, modelKinds } from './model-kinds.ts';
import { packTexts, tokenizerOf } from './prepare-texts.ts';
import { continueText, fillSentence } from './sentence-answers.ts';
import { batchSize, type LiveTraining, trainLiveModel } from './train-live-model.ts';

const { InferenceSession } = ort;

/** What the page trains, made smaller still. */
const small = { tokens: 16, channels: 16, hiddenChannels: 32, layers: 1 };
const masked = 'The cat [MASK] on the mat, and the dog';
const text = 'The cat sat on the mat, and the dog sat on the cat. '.repeat(100);

let device: Device;
let folder: string;
let tokenizerFile: string;
let training: LiveTraining;
beforeAll(async () => {
  device = await openDevice('ort-cpu');
  folder = await mkdtemp(join(tmpdir(), 'gmlp-page-'));
  await writeFile(join(folder, 'text.txt'), text);
  tokenizerFile = await tokenizerOf([text]);
  training = {
    packed: await packTexts([text], loadTokenizer(tokenizerFile), small.tokens, batchSize),
    steps: 60,
    peakRate: 0.02,
  };
});
afterAll(async () => {
  await device.dispose();
  await rm(folder, { recursive: true });
});

function made(kind: ModelKind): LiveModel {
  const options = modelKinds[kind].options(loadTokenizer(tokenizerFile).vocabularySize);
  return putModel(device, { options: { ...options, ...small }, tokenizerFile });
}

/** The losses of its steps; stopped after step `until`. */
async function trained(live: LiveModel, plan: LiveTraining, until = Number.POSITIVE_INFINITY): Promise<number[]> {
  const losses: number[] = [];
  const stop = new AbortController();
  const outcome = await trainLiveModel(live, plan, {
    signal: stop.signal,
    onRecord: ({ loss }) => losses.push(loss),
    betweenSteps: async ({ step }) => {
      if (step === until) stop.abort();
    },
  });
  expect(outcome).toBe(until < plan.steps ? 'stopped' : 'finished');
  return losses;
}

const answer = (live: LiveModel) =>
  atRest(live, async (moment) =>
    live.generate
      ? { next: await continueText(live, moment, 'The cat sat', 7) }
      : { masks: (await fillSentence(live, moment, masked)).masks },
  );

describe.each(Object.keys(modelKinds) as ModelKind[])('%s', (kind) => {
  it('learns, and what the page saves the command line reads, and back', async () => {
    const before = tf.engine().state.numTensors;
    const live = made(kind);
    const losses = await trained(live, training);
    expect(losses.at(-1)).toBeLessThan(losses[0]! - 2);
    const told = await answer(live);
    // So few steps put it among the likeliest: which is first depends on the order of the batches.
    const guesses = (told.next ?? told.masks[0]!).guesses.map(({ piece }) => piece);
    expect(guesses).toContain(live.generate ? '▁on' : '▁sat');

    const saved = join(folder, kind);
    await mkdir(saved);
    for (const [name, bytes] of await atRest(live, (moment) => modelFilesOf(live, moment)))
      await writeFile(join(saved, name), bytes);
    const command = async (...args: string[]): Promise<unknown> => {
      const { code, out, err } = await runCommand([...args, '--json', '--device', 'ort-cpu']);
      expect({ code, err: code === 0 ? '' : err }).toEqual({ code: 0, err: '' });
      return JSON.parse(out);
    };
    if (told.masks) expect(await command('fill-mask', saved, masked)).toEqual(told.masks);
    else {
      const written = await command('generate', saved, 'The cat sat', '--top-p', '0.9', '--seed', '7', '--tokens', '24');
      expect(written).toMatchObject({ text: told.next.before + told.next.written, ended: told.next.ended });
    }
    expect(await command('eval', saved, '--data', join(folder, 'text.txt'))).toMatchObject({
      loss: expect.any(Number),
      [live.generate ? 'nextTokens' : 'maskedTokens']: expect.any(Number),
    });

    const onnx = await InferenceSession.create(await atRest(live, (moment) => onnxOf(live, moment)));
    expect(onnx.outputNames).toEqual(['logits']);
    await onnx.release();

    // As a run of the command line ends: a checkpoint, and a model directory with an average beside the weights.
    const run = runPaths(join(folder, `${kind} run`));
    const { model } = live.resting;
    const checkpoint = { config: live.config, model, ema: model, tokenizer: tokenizerFile, optimiser: new Map(), state: {} };
    await saveCheckpoint(run.checkpoints, { ...checkpoint, step: 60 });
    await writeFinalModel(run, 60);
    const names = await readdir(run.model);
    const files = new Map(await Promise.all(names.map(async (name) => [name, await bytesOf(join(run.model, name))] as const)));
    const back = putModel(device, await languageModelOf(files));
    expect(await answer(back)).toEqual(told.next ? { next: { ...told.next, step: 0 } } : told);
    await disposeModel(live);
    await disposeModel(back);
    expect(tf.engine().state.numTensors).toBe(before);
  });
});

const bytesOf = async (path: string): Promise<Uint8Array<ArrayBuffer>> => new Uint8Array(await readFile(path));

it('a training that is left and taken up again goes on as if it had not been left', async () => {
  const [whole, parts] = [made('gmlp'), made('gmlp')];
  const plan = { ...training, steps: 4 };
  const losses = await trained(whole, plan);
  const first = await trained(parts, plan, 2);
  expect(parts.resting.step).toBe(2);
  expect([...first, ...(await trained(parts, plan))]).toEqual(losses);
  const weights = ({ resting }: LiveModel): HostArray['data'][] => [...resting.model.values()].map(({ data }) => data);
  expect(weights(parts)).toEqual(weights(whole));
  await disposeModel(whole);
  await disposeModel(parts);
});

it('what a model cannot answer it says', async () => {
  const live = made('bert');
  await expect(atRest(live, (moment) => continueText(live, moment, 'The', 0))).rejects.toThrow(/not causal/);
  await disposeModel(live);
  const writer = made('causal');
  const goOn = (sentence: string) => atRest(writer, (moment) => continueText(writer, moment, sentence, 0));
  await expect(goOn('cat '.repeat(15))).rejects.toThrow(/has 15 pieces, .* reads 14/);
  expect(await goOn('cat '.repeat(13))).toEqual(await goOn('cat '.repeat(13).trim()));
  await disposeModel(writer);
});
