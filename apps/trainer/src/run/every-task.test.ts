/** Every task, and every family that it trains, through the same run: it learns, goes on bit for bit, and what reads a run reads it. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDevice } from '@gmlp/devices/node';
import { trainTokenizer } from '@gmlp/text';
import { progressLine } from '@gmlp/training/node';
import { InferenceSession } from 'onnxruntime-node';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportModel } from '../export/export-model.ts';
import { parseRecipe, type Recipe } from '../recipes/recipe.ts';
import { readRun } from '../report/read-run.ts';
import { runReport } from '../report/run-report.ts';
import { evaluateModel } from '../saved-model/evaluate-model.ts';
import { loadModel } from '../saved-model/load-model.ts';
import type { MaskedLanguageData } from '../tasks/masked-language.ts';
import { headlineOf } from '../tasks/shown-figures.ts';
import { taskNames, taskOf } from '../tasks/table.ts';
import { type DeviceThread, startDeviceThread } from '../thread/device-thread.ts';
import { watchRun } from '../watch/watch-run.ts';
import { runTraining } from './run-training.ts';
import { timelessMetrics, tinyRecipe } from './tiny-run.ts';

const sizes = { tokens: 16, channels: 16, hiddenChannels: 32, layers: 1 };
const gmlp = { family: 'gmlp-language', ...sizes };
const bert = { family: 'bert', ...sizes, heads: 2, dropout: 0.1 };

const picture = { imageSize: 16, patchSize: 4, channels: 16, hiddenChannels: 32, layers: 1 };

/** Of every task each family, and of a family its kinds. */
const trained = {
  'masked-language': {
    gMLP: gmlp,
    aMLP: { ...gmlp, attentionChannels: 8 },
    BERT: bert,
    'BERT, relative positions': { ...bert, positions: 'relative', normPlacement: 'pre' },
    'BERT, without attention': { ...bert, positions: 'relative', content: false },
    Mixer: { family: 'mixer-language', ...sizes, tokenHidden: 8 },
  },
  restore: { Transformer: { family: 'transformer', ...sizes, heads: 2 } },
  'image-classification': {
    gMLP: { family: 'gmlp-vision', ...picture },
    ViT: { family: 'vit', ...picture, heads: 2 },
    Mixer: { family: 'mixer-vision', ...picture, tokenHidden: 8 },
    ResMLP: { family: 'resmlp', ...picture },
  },
  'text-classification': {
    gMLP: { family: 'sequence-classification', body: { ...gmlp, vocabulary: 300 }, pooler: false, dropout: 0.1 },
    BERT: { family: 'sequence-classification', body: { ...bert, vocabulary: 300, segments: 2 } },
  },
  'question-answering': {
    gMLP: { family: 'extractive-span', body: { ...gmlp, vocabulary: 300 } },
    aMLP: { family: 'extractive-span', body: { ...gmlp, vocabulary: 300, attentionChannels: 8 } },
    BERT: { family: 'extractive-span', body: { ...bert, vocabulary: 300, segments: 2 } },
  },
  'next-token': { gMLP: { ...gmlp, causal: true }, aMLP: { ...gmlp, causal: true, attentionChannels: 8 } },
} as const;

let folder: string;
let base: Recipe;
let thread: DeviceThread;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gmlp-families-'));
  base = await tinyRecipe(folder);
  await writePictures(join(folder, 'pictures'));
  await writeTexts(folder);
  thread = await startDeviceThread('ort-cpu');
});
afterAll(async () => {
  await thread.close();
  await rm(folder, { recursive: true });
});

/** Three classes that differ in their color. */
async function writePictures(root: string): Promise<void> {
  for (const [channel, name] of ['blue', 'green', 'red'].entries()) {
    await mkdir(join(root, name), { recursive: true });
    for (let i = 0; i < 10; i++) {
      const data = new Uint8Array(20 * 18 * 3).map((_, at) => (at % 3 === 2 - channel ? 200 : 20 + ((at * (i + 3)) % 60)));
      await sharp(data, { raw: { width: 20, height: 18, channels: 3 } }).toFile(join(root, name, `${i}.png`));
    }
  }
}

/** Pairs of a question and an answer that is right or wrong, questions about texts longer than a row, and a tokenizer of 300 pieces. */
async function writeTexts(root: string): Promise<void> {
  const animals = ['cat', 'dog', 'bird', 'mouse'];
  const rows = Array.from({ length: 60 }, (_, i) => {
    const right = i % 3 === 0;
    return { question: `the ${animals[i % 4]} is`, answer: right ? 'good, very good' : 'bad', label: right ? 'yes' : 'no' };
  });
  await writeFile(join(root, 'texts.jsonl'), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  const paragraphs = Array.from({ length: 30 }, (_, i) => {
    const context = `the ${animals[i % 4]} is good. ${'the dog is bad, '.repeat(i % 3)}very good`;
    const answers = i % 5 === 0 ? [] : [{ text: animals[i % 4]!, answer_start: 4 }];
    return { context, qas: [{ id: `${i}`, question: 'is', answers }] };
  });
  await writeFile(join(root, 'questions.json'), JSON.stringify({ version: '2.0', data: [{ title: 't', paragraphs }] }));
  const texts = rows.map(({ question, answer }) => ({ text: `${question} ${answer} `.repeat(3) }));
  await writeFile(join(root, 'tokenizer.json'), JSON.stringify(await trainTokenizer(texts, { vocabularySize: 300 })));
}

/** Stopped by its own line where `stop` says so. */
function run(out: string, recipe: Recipe | undefined, stop?: RegExp) {
  const abort = new AbortController();
  const stderr = { write: (text: string) => stop?.test(text) && abort.abort() };
  const io = { stderr, signal: abort.signal, now: () => performance.now() / 1000 };
  return runTraining({ out, recipe, resume: recipe === undefined, thread }, io);
}

it('names every family that a task trains', () => {
  for (const task of taskNames) {
    const families = new Set(Object.values(trained[task]).map(({ family }) => family));
    expect([...families].sort()).toEqual([...taskOf(task).families].sort());
  }
});

const rows = taskNames.flatMap((task) => Object.entries(trained[task]).map(([name, model]) => ({ task, name, model })));

describe.each(rows)('$task: $name', ({ task, name, model }) => {
  it('learns, resumes to the same bytes, and is evaluated, reported, watched, exported and shown by TensorBoard', async () => {
    const { maskRate, ...text } = base.data as MaskedLanguageData;
    const pictures = { format: 'folder', path: join(folder, 'pictures'), heldOut: 6, classes: 3, policy: 'rand-m3', mixup: 0.2 };
    const own = {
      'masked-language': { ...text, maskRate },
      'next-token': text,
      restore: { ...text, passages: 6 },
      'image-classification': pictures,
      'text-classification': {
        ...{ path: join(folder, 'texts.jsonl'), tokenizer: join(folder, 'tokenizer.json'), classes: ['no', 'yes'] },
        ...{ first: 'question', second: 'answer' },
      },
      'question-answering': {
        ...{ path: join(folder, 'questions.json'), tokenizer: join(folder, 'tokenizer.json') },
        ...{ noAnswer: true, stride: 4 },
      },
    };
    const recipe = parseRecipe(
      {
        ...{ ...base, name: 'family', task, model, steps: 40, recordEvery: 5 },
        data: own[task],
        evaluation: { every: 20 },
      },
      name,
    );
    const place = (what: string): string => join(folder, `${task} ${name} ${what}`);
    const whole = await run(place('whole'), recipe);
    const lines = (await timelessMetrics(place('whole'))) as { loss?: number; valLoss?: number }[];
    const { series } = (await readRun(place('whole'))).metrics;
    for (const each of ['gflopsPerSecond', 'productShare']) {
      expect(series.get(each)?.map(([step]) => step)).toEqual([5, 10, 15, 20, 25, 30, 35, 40]);
      for (const [, value] of series.get(each)!) expect(value).toBeGreaterThan(0);
    }
    const losses = lines.flatMap(({ loss }) => (loss === undefined ? [] : [loss]));
    expect(losses.at(-1)).toBeLessThan(losses[0]! - 0.3);
    for (const { name: figure } of taskOf(task).figures) expect(whole.figures[figure]).toBeTypeOf('number');
    for (const { name: figure } of taskOf(task).baseline) expect(whole.baseline[figure]).toBeTypeOf('number');

    await expect(run(place('broken'), recipe, /^step 20: validation/)).rejects.toMatchObject({ code: 'aborted' });
    await run(place('broken'), undefined);
    for (const file of ['model.safetensors', 'ema.safetensors', 'config.json']) {
      expect(await readFile(join(place('broken'), 'model', file))).toEqual(await readFile(join(place('whole'), 'model', file)));
    }
    expect(await timelessMetrics(place('broken'))).toEqual(lines);

    const device = await openDevice('ort-cpu');
    const saved = await loadModel(join(place('whole'), 'model'));
    const signal = new AbortController().signal;
    const io = { progress: progressLine({ stream: { write: () => true } }), now: () => 0 };
    const { figures } = await evaluateModel(device, saved, { run: place('whole'), signal, ...io, onBatch: () => {} });
    await device.dispose();
    for (const { name: figure } of taskOf(task).figures) expect(figures[figure]).toBeTypeOf('number');
    expect(figures['loss']).toBeCloseTo(lines.findLast(({ valLoss }) => valLoss !== undefined)!.valLoss!, 5);
    const page = runReport([await readRun(place('whole'))]).markup;
    expect(page).toContain(`Validation ${headlineOf(taskOf(task)).label} by step`);
    expect(page.includes('W of block 1')).toBe(/^(gmlp-|mixer-|resmlp)/.test('body' in model ? model.body.family : model.family));

    const watching = await watchRun(place('whole'), { port: 0 });
    const watched = await (await fetch(`${watching.url}content`)).text();
    await watching.close();
    expect(watched).toContain(`Validation ${headlineOf(taskOf(task)).label} by step`);
    const events = (await readdir(place('whole'))).filter((file) => file.startsWith('events.out.tfevents'));
    const written = (await Promise.all(events.map((file) => readFile(join(place('whole'), file), 'latin1')))).join('');
    for (const { name: figure } of taskOf(task).figures) expect(written).toContain(`${figure}/validation`);
    const { files } = await exportModel(join(place('whole'), 'model'), place('model.onnx'), { signal });
    const session = await InferenceSession.create(files[0]!);
    expect(session.outputNames).toEqual(['logits']);
    await session.release();
  });
});
