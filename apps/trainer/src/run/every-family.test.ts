/** Every family that a task trains, through the same run: it learns, goes on bit for bit, and what reads a run reads it. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDevice } from '@gmlp/devices/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseRecipe, type Recipe } from '../recipes/recipe.ts';
import { familiesFor, recipeTasks } from '../recipes/recipe-model.ts';
import { readRun } from '../report/read-run.ts';
import { runReport } from '../report/run-report.ts';
import { evaluateModel } from '../saved-model/evaluate-model.ts';
import { loadLanguageModel } from '../saved-model/load-language-model.ts';
import { type DeviceThread, startDeviceThread } from '../thread/device-thread.ts';
import { runTraining } from './run-training.ts';
import { timelessMetrics, tinyRecipe } from './tiny-run.ts';

const sizes = { tokens: 16, channels: 16, hiddenChannels: 32, layers: 1 };
const gmlp = { family: 'gmlp-language', ...sizes };
const bert = { family: 'bert', ...sizes, heads: 2, dropout: 0.1 };

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
  'next-token': { gMLP: { ...gmlp, causal: true }, aMLP: { ...gmlp, causal: true, attentionChannels: 8 } },
} as const;

let folder: string;
let base: Recipe;
let thread: DeviceThread;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gmlp-families-'));
  base = await tinyRecipe(folder);
  thread = await startDeviceThread('ort-cpu');
});
afterAll(async () => {
  await thread.close();
  await rm(folder, { recursive: true });
});

/** Stopped by its own line where `stop` says so. */
function run(out: string, recipe: Recipe | undefined, stop?: RegExp) {
  const abort = new AbortController();
  const stderr = { write: (text: string) => stop?.test(text) && abort.abort() };
  const io = { stderr, signal: abort.signal, now: () => performance.now() / 1000 };
  return runTraining({ out, recipe, resume: recipe === undefined, thread }, io);
}

it('names every family that a task trains', () => {
  for (const task of recipeTasks) {
    const families = new Set(Object.values(trained[task]).map(({ family }) => family));
    expect([...families].sort()).toEqual([...familiesFor(task)].sort());
  }
});

const rows = recipeTasks.flatMap((task) => Object.entries(trained[task]).map(([name, model]) => ({ task, name, model })));

describe.each(rows)('$task: $name', ({ task, name, model }) => {
  it('learns, resumes to the same bytes, and is evaluated and reported', async () => {
    const { maskRate, ...data } = base.data;
    const recipe = parseRecipe(
      {
        ...{ ...base, name: 'family', task, model, steps: 40, recordEvery: 5 },
        data: task === 'masked-language' ? { ...data, maskRate } : data,
        evaluation: { every: 20 },
      },
      name,
    );
    const place = (what: string): string => join(folder, `${task} ${name} ${what}`);
    const whole = await run(place('whole'), recipe);
    const lines = (await timelessMetrics(place('whole'))) as { loss?: number; valLoss?: number }[];
    const losses = lines.flatMap(({ loss }) => (loss === undefined ? [] : [loss]));
    expect(losses.at(-1)).toBeLessThan(losses[0]! - 0.3);
    expect(whole.valPerplexity).toBeLessThan(whole.unigramPerplexity * 1.5);

    await expect(run(place('broken'), recipe, /^step 20: validation/)).rejects.toMatchObject({ code: 'aborted' });
    await run(place('broken'), undefined);
    for (const file of ['model.safetensors', 'ema.safetensors', 'config.json']) {
      expect(await readFile(join(place('broken'), 'model', file))).toEqual(await readFile(join(place('whole'), 'model', file)));
    }
    expect(await timelessMetrics(place('broken'))).toEqual(lines);

    const device = await openDevice('ort-cpu');
    const saved = await loadLanguageModel(join(place('whole'), 'model'));
    const signal = new AbortController().signal;
    const { loss } = await evaluateModel(device, saved, { run: place('whole'), signal, onBatch: () => {} });
    await device.dispose();
    expect(loss).toBeCloseTo(lines.findLast(({ valLoss }) => valLoss !== undefined)!.valLoss!, 5);
    const page = runReport([await readRun(place('whole'))]).markup;
    expect(page).toContain('Validation perplexity by step');
    expect(page.includes('W of block 1')).toBe(model.family === 'gmlp-language');
  });
});
