import { rmSync } from 'node:fs';
import { cp, lstat, mkdir, mkdtemp, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GmlpError, plainMessage } from '@gmlp/base';
import { decodeSafetensors } from '@gmlp/checkpoint';
import { type FileSystem, listCheckpoints, readModelDirectory } from '@gmlp/checkpoint/node';
import { loadStrict } from '@gmlp/layers';
import { createModel, type OptionsOf } from '@gmlp/models';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { applySettings } from '../recipes/apply-settings.ts';
import type { Recipe } from '../recipes/recipe.ts';
import type { MaskedLanguageData } from '../tasks/masked-language.ts';
import { type DeviceThread, startDeviceThread } from '../thread/device-thread.ts';
import { readRunFile, writeRunFile } from './run-file.ts';
import { readRunState } from './run-state.ts';
import { type RunTrainingOptions, runTraining } from './run-training.ts';
import { timelessMetrics, tinyRecipe } from './tiny-run.ts';
import type { TrainingSummary } from './training-summary.ts';

let folder: string;
let recipe: Recipe;
let thread: DeviceThread; // one for all: opening it takes the most time
let straight: TrainingSummary;
const inside = (...names: string[]): string => join(folder, ...names);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gmlp-train-'));
  recipe = await tinyRecipe(folder);
  thread = await startDeviceThread('ort-cpu');
  straight = await run({ out: inside('straight'), recipe });
});
afterAll(async () => {
  await thread.close();
  await rm(folder, { recursive: true });
});

interface Watched extends Partial<RunTrainingOptions> {
  readonly out: string;
  /** Sees each line of standard error. */
  readonly onLine?: (line: string) => void;
  readonly signal?: AbortSignal;
}

function run({
  onLine = () => {},
  signal = new AbortController().signal,
  resume = false,
  ...options
}: Watched): Promise<TrainingSummary> {
  const stderr = { write: (text: string) => onLine(text) };
  return runTraining({ resume, thread, ...options }, { stderr, signal, now: () => performance.now() / 1000 });
}

/** A run that is asked to stop when a line appears, the error that it ends with, and what it said. */
async function stoppedAt(line: RegExp, options: Watched): Promise<{ readonly message: string; readonly said: string }> {
  const abort = new AbortController();
  let said = '';
  const error: unknown = await run({
    ...options,
    signal: abort.signal,
    onLine: (text) => {
      said += text;
      if (line.test(text)) abort.abort();
    },
  }).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'aborted' });
  return { message: (error as Error).message, said };
}

async function expectSameModel(out: string): Promise<void> {
  for (const file of ['model.safetensors', 'ema.safetensors', 'config.json', 'tokenizer.json']) {
    expect(await readFile(join(out, 'model', file)), file).toEqual(await readFile(inside('straight', 'model', file)));
  }
  expect(await timelessMetrics(out)).toEqual(await timelessMetrics(inside('straight')));
}

const checkpointSteps = async (out: string): Promise<number[]> =>
  (await listCheckpoints(join(out, 'checkpoints'))).filter(({ refused }) => !refused).map(({ step }) => step);

it('a run ends in a model, and all that its folder should hold', async () => {
  const out = inside('straight');
  expect(straight).toMatchObject({ run: out, recipe: 'tiny', outcome: 'finished', step: 60, modelStep: 60 });
  expect((await readdir(out)).sort()).toEqual([
    'checkpoints',
    expect.stringMatching(/^events\.out\.tfevents\./),
    'filters',
    'metrics.jsonl',
    'model',
    'run.json',
    'state.json',
    'text',
  ]);
  expect(await readRunState(out)).toEqual({ state: 'finished', step: 60, steps: 60 });
  expect((await checkpointSteps(out)).slice(-2)).toEqual([50, 60]);
  expect(await readdir(join(out, 'filters'))).toEqual(
    ['step-000020', 'step-000040', 'step-000060'].map((n) => `${n}.safetensors`),
  );
  const filters = decodeSafetensors(await readFile(join(out, 'filters', 'step-000060.safetensors')), 'filters').tensors;
  const { config, tensors } = await readModelDirectory(join(out, 'model'));
  const { module } = createModel(config as OptionsOf<'gmlp-language'>);
  loadStrict(module.spec, tensors);
  const name = 'blocks.1.gate.spatial.weight';
  expect(filters.get(name)).toEqual(tensors.get(name));
  expect(filters.size).toBe(2);
  const averaged = decodeSafetensors(await readFile(join(out, 'model', 'ema.safetensors')), 'ema').tensors;
  loadStrict(module.spec, averaged);
  expect(averaged.get(name)).not.toEqual(tensors.get(name));
});

it('metrics have a line each so many steps with the split of the time, and one each evaluation', async () => {
  const lines = (await readFile(inside('straight', 'metrics.jsonl'), 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, number>);
  const records = lines.filter((line) => 'loss' in line);
  expect(records.map(({ step }) => step)).toEqual([7, 14, 21, 28, 35, 42, 49, 56, 60]);
  for (const record of records) expect(Object.keys(record['split']!)).toEqual(['data', 'compute', 'update', 'save']);
  const evaluations = lines.filter((line) => 'valLoss' in line);
  const last = evaluations.pop()!;
  expect(evaluations.map(({ step }) => step)).toEqual([20, 40, 60]);
  const { step: _, ...figures } = evaluations.at(-1)!;
  expect(lines.at(-1)).toEqual(last);
  const { parameters, seconds, baseline } = straight;
  expect(last).toEqual({ ...figures, ...baseline, parameters, seconds, peakBytes: expect.any(Number) });
  expect(last['peakBytes']).toBeGreaterThan(50e6);
  expect(straight.baseline['unigramLoss']).toBe(Math.log(straight.baseline['unigramPerplexity']!));
  for (const { valLoss, valPerplexity, emaValLoss, emaValPerplexity } of evaluations) {
    expect(valPerplexity).toBe(Math.exp(valLoss!));
    expect(emaValPerplexity).toBe(Math.exp(emaValLoss!));
    expect(emaValLoss).not.toBe(valLoss);
  }
  expect(evaluations.at(-1)!['valLoss']).toBeLessThan(evaluations[0]!['valLoss']!); // it learned something
});

it('a loss whose perplexity overflows is a figure like others: the run goes on, resumes and ends for its own reason', async () => {
  const out = inside('overflow');
  // Steps so large that the loss is in the thousands; a run of this recipe stays finite.
  const wild = {
    ...recipe,
    steps: 6,
    optimiser: { ...recipe.optimiser, peakRate: 30, warmupSteps: 1 },
    evaluation: { ...recipe.evaluation, every: 2 },
    checkpoints: { ...recipe.checkpoints, every: 2 },
  };
  await stoppedAt(/^step 4: validation perplexity Infinity/, { out, recipe: wild });
  const end = await run({ out, resume: true });
  expect(end).toMatchObject({ outcome: 'finished', step: 6, figures: { perplexity: Number.POSITIVE_INFINITY } });
  const lines = (await timelessMetrics(out)).map((line) => JSON.stringify(line)).join();
  expect(lines).toContain('Infinity');
  expect(lines).not.toContain('null');
});

it('stopped while it trains and gone on with, it ends in the same bytes and the same lines', async () => {
  const out = inside('stopped');
  const { message, said } = await stoppedAt(/^step 20: validation/, { out, recipe });
  expect(said).toContain('stopping after this step; Ctrl-C again stops at once');
  expect(message).toContain(`Go on with\n  gmlp train --resume --out ${out}`);
  const state = (await readRunState(out))!;
  expect(state).toMatchObject({ state: 'stopped', steps: 60 });
  expect(await checkpointSteps(out)).toContain(state.step);
  const text = await stat(join(out, 'text', 'training.packed'));

  await stoppedAt(/^step 40: validation/, { out, resume: true });
  const end = await run({ out, recipe, resume: true });
  expect({ ...end, seconds: 0 }).toEqual({ ...straight, seconds: 0, run: out, model: join(out, 'model') });
  await expectSameModel(out);
  expect((await stat(join(out, 'text', 'training.packed'))).mtimeMs).toBe(text.mtimeMs); // not prepared anew

  // A run that has ended ends again, in the same model.
  await rm(join(out, 'model'), { recursive: true });
  await run({ out, resume: true });
  await expectSameModel(out);
});

it('stopped while the text is prepared, it begins there', async () => {
  const out = inside('early-bird');
  const { message } = await stoppedAt(/^tokenizer: /, { out, recipe });
  expect(message).toMatch(/stopped before training/);
  expect(await readRunState(out)).toMatchObject({ state: 'stopped', step: 0 });
  await run({ out, resume: true });
  await expectSameModel(out);
});

it('a damaged checkpoint is refused by name, and the one before it is gone on with', async () => {
  const out = inside('damaged');
  await stoppedAt(/^step 40: validation/, { out, recipe });
  const [newest, before] = (await checkpointSteps(out)).reverse();
  const path = join(out, 'checkpoints', `step-0000${newest}`, 'model.safetensors');
  const bytes = await readFile(path);
  bytes[bytes.length - 1]! ^= 1;
  await writeFile(path, bytes);
  let said = '';
  await run({ out, resume: true, onLine: (line) => (said += line) });
  expect(said).toMatch(new RegExp(`refused .*step-0000${newest}: .*model.safetensors has not the SHA-256`));
  expect(said).toContain(`goes on after step ${before} of 60`);
  await expectSameModel(out);
});

it('a run whose checkpoints are all damaged is not silently begun anew', async () => {
  const out = inside('all-damaged');
  await stoppedAt(/^step 20: validation/, { out, recipe });
  for (const step of await checkpointSteps(out)) await rm(join(out, 'checkpoints', `step-0000${step}`, 'config.json'));
  await expect(run({ out, resume: true })).rejects.toThrow(/no checkpoint in .* is complete; move that folder away/);
  await rm(join(out, 'checkpoints'), { recursive: true });
  await run({ out, resume: true });
  await expectSameModel(out);
});

it('a disk that is full leaves the checkpoint before, and says which file and how to go on', async () => {
  const out = inside('full');
  let opened = 0;
  const fileSystem: FileSystem = {
    ...{ stat, lstat, readdir, mkdir, rename, rm },
    async open(path, flags) {
      const file = await open(path, flags);
      if (flags !== 'wx' || !path.includes('optimiser') || ++opened < 3) return file;
      const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
      return {
        read: file.read.bind(file),
        sync: file.sync.bind(file),
        close: file.close.bind(file),
        write: () => Promise.reject(full),
      };
    },
  };
  await expect(run({ out, recipe, fileSystem })).rejects.toMatchObject({
    code: 'io',
    message: expect.stringMatching(
      /checkpoints.*ENOSPC: no space left on device[\s\S]*the checkpoint of step \d+ in .* is whole, .* lost; go on with\n {2}gmlp train --resume/,
    ),
  });
  const state = (await readRunState(out))!;
  expect(state).toMatchObject({ state: 'failed', message: expect.stringContaining('ENOSPC') });
  expect((await readdir(join(out, 'checkpoints'))).every((name) => name.startsWith('step-'))).toBe(true);
  await run({ out, resume: true });
  await expectSameModel(out);
});

it('stops early, alike whether it was broken off or not, and keeps the best model', async () => {
  const evaluation = { every: 5, patience: 2, minDelta: 0.2 };
  const eager = { ...recipe, evaluation, checkpoints: { every: 1000, keep: 1 } };
  const [whole, broken] = [inside('patience'), inside('impatience')];
  const summary = await run({ out: whole, recipe: eager });
  expect(summary.outcome).toBe('early');
  expect(summary.step).toBeLessThan(60);
  const evaluations = (await timelessMetrics(whole)).filter((line) => 'step' in line && 'valLoss' in line) as {
    step: number;
    valLoss: number;
  }[];
  const best = evaluations.reduce((a, b) => (b.valLoss < a.valLoss ? b : a));
  expect(summary.modelStep).toBe(best.step);
  expect(await checkpointSteps(whole)).toEqual([...new Set([best.step, summary.step])].sort((a, b) => a - b));

  await stoppedAt(new RegExp(`^step ${evaluations.at(-2)!.step}: validation`), { out: broken, recipe: eager });
  const resumed = await run({ out: broken, resume: true });
  expect({ ...resumed, seconds: 0 }).toEqual({ ...summary, seconds: 0, run: broken, model: join(broken, 'model') });
  expect(await timelessMetrics(broken)).toEqual(await timelessMetrics(whole));
  expect(await readFile(join(broken, 'model', 'model.safetensors'))).toEqual(
    await readFile(join(whole, 'model', 'model.safetensors')),
  );
});

it('a device that is lost ends the run with the newest checkpoint, the steps lost and the command to go on', async () => {
  const out = inside('lost');
  const message = 'device ort-webgpu: it was lost (the driver was reset), and what was on it is gone; open it again';
  /** Says that its device is lost in the step after the 23rd. */
  const losing: DeviceThread = {
    ...thread,
    async *train(job, surroundings) {
      const onStep = (step: number): void => {
        if (step <= 23) surroundings.onStep?.(step);
      };
      for await (const event of thread.train(job, { ...surroundings, onStep })) {
        if (event.kind === 'record' && event.metrics.step > 23) throw new GmlpError('device-lost', message);
        yield event;
      }
    },
  };
  const often = { ...recipe, recordEvery: 1, checkpoints: { every: 10, keep: 2 } };
  await expect(run({ out, recipe: often, thread: losing })).rejects.toMatchObject({
    code: 'device-lost',
    message: `${message}\nthe checkpoint of step 20 in ${join(out, 'checkpoints')} is whole, 3 steps after it are lost; go on with\n  gmlp train --resume --out ${out}`,
  });
  expect(await readRunState(out)).toMatchObject({ state: 'failed', step: 23 });
  expect(await checkpointSteps(out)).toEqual([10, 20]);
  expect(await readdir(out)).not.toContain('model');
  expect(await run({ out, resume: true })).toMatchObject({ outcome: 'finished', step: 60 });
});

it('a loss that is no number stops the run and leaves the last good checkpoint', async () => {
  const out = inside('nan');
  const wild = {
    ...recipe,
    optimiser: { ...recipe.optimiser, peakRate: 1e37, clipNorm: null, ema: null },
    checkpoints: { every: 1, keep: 2 },
  };
  const error: unknown = await run({ out, recipe: wild }).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    code: 'numerical',
    message: expect.stringMatching(/of step \d+, batch(es)? \d+.* is (NaN|-?Infinity)/),
  });
  const { step } = (error as { fields: { step: number } }).fields;
  expect(await readRunState(out)).toMatchObject({ state: 'failed', step: step - 1, message: plainMessage(error) });
  expect((await checkpointSteps(out)).at(-1)).toBe(step - 1);
  expect((error as Error).message).toContain(`the checkpoint of step ${step - 1} in`);
});

it('refuses what would spoil a run', async () => {
  const out = inside('straight');
  await expect(run({ out, recipe })).rejects.toThrow(
    /holds a run already \(finished at step 60 of 60\); go on with it by `gmlp train --resume --out/,
  );
  await expect(run({ out: inside('none'), resume: true })).rejects.toMatchObject({ code: 'not-found' });
  await expect(run({ out, recipe: { ...recipe, seed: 1, steps: 61 }, resume: true })).rejects.toThrow(
    /has another recipe: seed 0, now 1; steps 60, now 61/,
  );
  await expect(run({ out, recipe: { ...recipe, steps: 50 }, resume: true })).rejects.toThrow(
    /has been trained for 60 steps; it can end later, not after 50$/,
  );
  await mkdir(inside('thesis'));
  await writeFile(inside('thesis', 'thesis.tex'), '');
  await expect(run({ out: inside('thesis'), recipe })).rejects.toThrow(/is not empty and holds no run/);
  expect(await readdir(inside('thesis'))).toEqual(['thesis.tex']);
  await mkdir(inside('newer'));
  await writeFile(inside('newer', 'run.json'), '{"format": "gmlp-run", "version": 2}');
  for (const resume of [true, false]) {
    await expect(run({ out: inside('newer'), recipe, resume })).rejects.toThrow(
      /has version 2, this gmlp reads up to 1; update gmlp|holds a run already/,
    );
  }
});

it.each<[string, (recipe: Recipe) => Recipe, RegExp]>([
  ['a text that is not there', (r) => ({ ...r, data: { ...r.data, path: inside('nowhere') } }), /nowhere/],
  ['too many documents held out', (r) => ({ ...r, data: { ...r.data, heldOut: 10 } }), /10 documents/],
  [
    'a vocabulary that the text does not give',
    (r) => ({ ...r, data: { ...r.data, vocabulary: 4096 } }),
    /data\.vocabulary is 4096; give more text/,
  ],
  ['a tokenizer that is not there', (r) => ({ ...r, data: { ...r.data, tokenizer: inside('none.json') } }), /none\.json/],
  ['a batch larger than the text', (r) => ({ ...r, batchSize: 5000 }), /fewer than a batch has \(batchSize 5000\)/],
])('%s leaves no folder and no advice to go on, and the corrected command begins', async (_, wrong, message) => {
  const out = inside('made', 'for', 'nothing');
  const error: unknown = await run({ out, recipe: wrong(recipe) }).catch((thrown: unknown) => thrown);
  expect((error as Error).message).toMatch(message);
  expect((error as Error).message).not.toMatch(/--resume|checkpoint/);
  expect(await readdir(folder)).not.toContain('made');
});

it('a device that does not open leaves no folder', async () => {
  const surroundings = { stderr: { write: () => {} }, signal: new AbortController().signal, now: () => 0 };
  const asked = { out: inside('made', 'for', 'nothing'), recipe, resume: false, device: 'tfjs-node' } as const;
  await expect(runTraining(asked, surroundings)).rejects.toThrow(/tfjs-node/);
  expect(await readdir(folder)).not.toContain('made');
});

it('a run that saved no step may be begun anew, also with other settings; one that did may not', async () => {
  const out = inside('anew');
  await stoppedAt(/^tokenizer: /, { out, recipe });
  const other = { ...recipe, seed: 7, steps: 10, data: { ...recipe.data, heldOut: 3 } };
  expect(await run({ out, recipe: other })).toMatchObject({ outcome: 'finished', step: 10 });
  await expect(run({ out, recipe })).rejects.toThrow(/holds a run already/);
  await writeFile(join(out, 'notes.txt'), 'mine');
  await rm(join(out, 'checkpoints'), { recursive: true });
  await expect(run({ out, recipe })).rejects.toThrow(/is not empty and holds more than a run/);
  expect(await readdir(out)).toEqual(expect.arrayContaining(['notes.txt', 'model']));
});

it('a model whose checkpoints are gone is replaced neither by another run nor by going on', async () => {
  const out = inside('model-alone');
  await mkdir(join(out, 'model'), { recursive: true });
  await writeRunFile(out, recipe, 'tfjs-cpu');
  await writeFile(join(out, 'model', 'model.safetensors'), 'what was trained');
  await expect(run({ out, recipe })).rejects.toThrow(
    /holds the model of a run whose checkpoints are gone; choose another --out, or/,
  );
  await expect(run({ out, resume: true })).rejects.toThrow(/put the checkpoints back, or move that model away to begin anew/);
  await mkdir(join(out, 'checkpoints', 'step-000003'), { recursive: true });
  await expect(run({ out, resume: true })).rejects.toThrow(/is complete; move that folder and .*model away to begin the run at/);
  expect(await readFile(join(out, 'model', 'model.safetensors'), 'utf8')).toBe('what was trained');
});

it('a file in the place of the folder is told as such', async () => {
  await writeFile(inside('a-file'), '');
  for (const out of [inside('a-file'), inside('a-file', 'below')])
    await expect(run({ out, recipe })).rejects.toThrow(
      /is a file or lies below one, where a run needs a folder; choose another --out/,
    );
});

it('a finished run goes on to more steps, which run.json notes', async () => {
  const out = inside('longer');
  const short = { ...recipe, steps: 20 };
  await run({ out, recipe: short });
  expect(await run({ out, recipe: { ...short, steps: 30 }, resume: true })).toMatchObject({ step: 30, steps: 30, modelStep: 30 });
  const file = (await readRunFile(out))!;
  expect(file.recipe.steps).toBe(30);
  expect(file.accepted).toMatchObject([{ step: 20, changes: ['recipe.steps was 20, is 30'] }]);
  expect(await run({ out, resume: true })).toMatchObject({ outcome: 'finished', step: 30 }); // it is the run's own end now
  const rates = (await timelessMetrics(out)).flatMap(({ step, learningRate }) =>
    learningRate === undefined ? [] : [[step, learningRate]],
  );
  // Warm-up in 5 steps, then down: to the end of 20 at first, from step 21 on as if 30 had been meant from the start.
  expect(rates).toContainEqual([20, expect.closeTo(0.01 / 15, 6)]);
  expect(rates).toContainEqual([21, expect.closeTo((0.01 * 10) / 25, 6)]);
  expect(rates.at(-1)).toEqual([30, expect.closeTo(0.01 / 25, 6)]);
});

it('text that was edited since it was packed is refused by name, before a checkpoint and after one, or accepted and noted', async () => {
  const [out, path] = [inside('edited'), inside('edited-text')];
  await cp(recipe.data.path!, path, { recursive: true });
  const short = { ...recipe, steps: 20, data: { ...recipe.data, path } };
  await stoppedAt(/^model: /, { out, recipe: short });
  await rm(join(out, 'checkpoints'), { recursive: true, force: true });
  const first = await readFile(join(path, '0.txt'), 'utf8');
  await writeFile(join(path, '0.txt'), first.replace('mat', 'rug'));
  await expect(run({ out, resume: true })).rejects.toThrow(
    /is no longer what it was begun with:\n {2}the text .*edited-text was changed since it was packed/,
  );
  await writeFile(join(path, '0.txt'), first);
  await stoppedAt(/^step 20: validation/, { out, resume: true, recipe: { ...short, steps: 30 } });
  await writeFile(join(path, '0.txt'), first.replace('mat', 'rug'));
  await expect(run({ out, resume: true })).rejects.toThrow(/its checkpoint of step \d+ was computed from:\n {2}the text/);
  expect(await run({ out, resume: true, acceptChanges: true })).toMatchObject({ outcome: 'finished', step: 30 });
  const { accepted } = (await readRunFile(out))!;
  expect(accepted?.at(-1)?.changes).toEqual([expect.stringMatching(/edited-text was changed since it was packed/)]);
  expect(await run({ out, resume: true })).toMatchObject({ outcome: 'finished', step: 30 });
  expect((await readRunFile(out))!.accepted).toEqual(accepted);
});

it('a run that saved no step begins by the seed that it has, whatever seed held out a part of its text before', async () => {
  const [out, straight] = [inside('reseeded'), inside('seeded')];
  const short = { ...recipe, steps: 10 };
  await stoppedAt(/^model: /, { out, recipe: short });
  await rm(join(out, 'checkpoints'), { recursive: true, force: true });
  const file = await readFile(join(out, 'run.json'), 'utf8');
  await writeFile(join(out, 'run.json'), file.replace('"seed": 0', '"seed": 1'));
  await run({ out, resume: true });
  await run({ out: straight, recipe: { ...short, seed: 1 } });
  expect(await timelessMetrics(out)).toEqual(await timelessMetrics(straight));
});

it('a change that cannot be trained is refused although accepted, and the run stays as it was; an average may go', async () => {
  const out = inside('other-model');
  const short = { ...recipe, steps: 10 };
  await run({ out, recipe: short });
  const before = await readFile(join(out, 'run.json'), 'utf8');
  const deeper = { ...short, steps: 20, model: { ...short.model, layers: 3 } };
  await expect(run({ out, recipe: deeper, resume: true, acceptChanges: true })).rejects.toThrow(
    /is not of the model that the recipe has now: [\s\S]*missing: blocks\.2\.[\s\S]*A run keeps its model; train another one with --out$/,
  );
  const { maskRate: _, ...data } = short.data as MaskedLanguageData;
  const causal: Recipe = {
    ...short,
    steps: 20,
    task: 'next-token',
    data,
    model: { ...short.model, causal: true } as Recipe['model'],
  };
  await expect(run({ out, recipe: causal, resume: true, acceptChanges: true })).rejects.toThrow(
    /was trained for the task masked-language, and the recipe has next-token now: [\s\S]*A run keeps its task; train another one/,
  );
  const byMomentum = applySettings({ ...short, steps: 20 }, ['optimiser.name=sgd']);
  await expect(run({ out, recipe: byMomentum, resume: true, acceptChanges: true })).rejects.toThrow(
    /was trained by adamw, and the recipe has sgd now: [\s\S]*A run keeps its optimiser; train another one with --out$/,
  );
  await expect(run({ out, recipe: { ...short, steps: 5 }, resume: true })).rejects.toThrow(/it can end later, not after 5/);
  expect(await readFile(join(out, 'run.json'), 'utf8')).toBe(before);
  expect(await readRunState(out)).toEqual({ state: 'finished', step: 10, steps: 10 });
  const plain = { ...short, steps: 20, optimiser: { ...short.optimiser, ema: null } };
  // The text was packed with another part held out. What was asked for by name stands in no run.json: only the same command has it.
  const otherPart = { ...short, steps: 20, data: { ...short.data, heldOut: 3 } };
  await expect(run({ out, recipe: otherPart, resume: true, acceptChanges: true })).rejects.toThrow(
    /was made with heldOut 2, expected 3; remove [\s\S]*when that is mended, give the same command again$/,
  );
  expect(await run({ out, recipe: plain, resume: true, acceptChanges: true })).toMatchObject({ outcome: 'finished', step: 20 });
  expect(await readdir(join(out, 'model'))).not.toContain('ema.safetensors');
});

it('when what is measured is changed, later evaluations are compared with one another only', async () => {
  const [out, path] = [inside('measured-anew'), inside('other-documents')];
  await cp(recipe.data.path!, path, { recursive: true });
  const short = { ...recipe, steps: 20, evaluation: { every: 5, patience: 9, minDelta: 0 } };
  const data = (maskRate: number) => ({ ...recipe.data, path, maskRate }) as MaskedLanguageData;
  const first = await run({ out, recipe: { ...short, data: data(0.9) } });
  // Other masks, which are harder to fill, and a rate that changes nothing: all later figures are worse.
  const optimiser = { ...short.optimiser, peakRate: 1e-9 };
  const masked = { ...short, steps: 30, optimiser, data: data(0.15) };
  let said = '';
  const end = await run({ out, recipe: masked, resume: true, acceptChanges: true, onLine: (line) => (said += line) });
  expect(said).toContain('evaluations up to step 20 are not compared with those from here on');
  expect(end.figures['loss']).toBeGreaterThan(first.figures['loss']!); // the best of all would be one of the others
  expect(end.modelStep).toBeGreaterThanOrEqual(20);
  const evaluated = (await timelessMetrics(out)).filter((line) => 'step' in line && 'valLoss' in line);
  expect(evaluated.map(({ step }) => step)).toEqual([5, 10, 15, 20, 25, 30]); // that of step 20 is made anew
  expect(evaluated[3]!['valLoss']).toBeGreaterThan(first.figures['loss']!);
  expect(await checkpointSteps(out)).toContain(end.modelStep);
});

it('a second trainer refuses while the first one trains, and the first is not disturbed', async () => {
  const out = inside('shared');
  const seconds: Promise<unknown>[] = [];
  const onLine = (line: string): void => {
    if (!line.startsWith('step 20: validation')) return;
    for (const resume of [true, false]) seconds.push(run({ out, recipe, resume }).catch((error: unknown) => error));
  };
  await run({ out, recipe, onLine });
  const [resuming, beginning] = await Promise.all(seconds);
  expect((resuming as Error).message).toMatch(/another trainer works on/);
  expect((beginning as Error).message).toMatch(/holds a run already \(running at step/);
  await expectSameModel(out);
});

it('a trainer whose lock is gone writes nothing more, and says so', async () => {
  const out = inside('unlocked');
  const error: unknown = await run({
    out,
    recipe,
    onLine: (line) => {
      if (line.includes('step 20: validation')) rmSync(join(out, 'lock.json'));
    },
  }).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'io' });
  expect((error as Error).message).toMatch(/may not write in .*unlocked any more: its lock.json was removed/);
  expect(await readRunState(out)).toMatchObject({ state: 'running', step: 20 });
  expect(Math.max(...(await checkpointSteps(out)))).toBe(10);
  expect(await readdir(out)).not.toContain('model');
});
