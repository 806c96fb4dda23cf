/**
 * Runs that end before one of their file operations, as if they were killed there, and runs of which one file operation fails. These
 * are samples: `pnpm soak` kills the command before each of its operations.
 */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GmlpError } from '@gmlp/base';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { watchFileOperations } from '../../../../tooling/file-operations.mjs';
import type { Recipe } from '../recipes/recipe.ts';
import { type DeviceThread, startDeviceThread } from '../thread/device-thread.ts';
import { runTraining } from './run-training.ts';
import { timelessMetrics, tinyRecipe } from './tiny-run.ts';

let folder: string;
let recipe: Recipe;
let thread: DeviceThread;
let unwatch = (): void => {};
const inside = (...names: string[]): string => join(folder, ...names);

function run(out: string, resume = false, said: (text: string) => void = () => {}): Promise<unknown> {
  const surroundings = { stderr: { write: said }, signal: new AbortController().signal, now: () => performance.now() / 1000 };
  return runTraining({ out, recipe, resume, thread }, surroundings);
}

/** Runs with `before` in front of each operation, which it sees as in `rename run.json`, and gives the error that the run ended with. */
async function watched(out: string, before: (operation: string) => void): Promise<unknown> {
  unwatch = await watchFileOperations(out, (what, path) => before(`${what} ${path.slice(out.length + 1)}`));
  const error = await run(out).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  unwatch();
  return error;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gmlp-killed-'));
  const tiny = await tinyRecipe(folder);
  recipe = {
    ...tiny,
    optimiser: { ...tiny.optimiser, warmupSteps: 1 },
    steps: 4,
    recordEvery: 1,
    evaluation: { every: 2, patience: null, minDelta: 0 },
    checkpoints: { every: 2, keep: 1 },
  };
  thread = await startDeviceThread('ort-cpu');
  await run(inside('straight'));
});
afterEach(() => unwatch());
afterAll(async () => {
  await thread.close();
  await rm(folder, { recursive: true });
});

async function temporaryNames(out: string): Promise<string[]> {
  const names = await readdir(out, { recursive: true });
  return names.filter((name) => name.endsWith('.tmp') && !name.startsWith('checkpoints'));
}

/** What TensorBoard reads first: forget what earlier files say of this step and later ones. */
const forgetsFrom = (step: number): Buffer => Buffer.from([0x10, step, 0x3a, 0x02, 0x08, 0x01]);

it.each([
  ['run.json has its name', /^rename run\.json/, 1],
  ['the packed text has its name', /^rename text.validation\.packed/, 1],
  ['the second record', /^write metrics\.jsonl/, 1],
  ['filters have their name', /^rename filters/, 1],
  ['a checkpoint is half written', /^sync checkpoints.*optimiser/, 1],
  ['an old checkpoint is half removed', /^unlink checkpoints.*model\.safetensors/, 5],
  ['the model is half written', /^rename \.model\..*model\.safetensors/, 5],
  ['the model has its name', /^rename model$/, 5],
])('killed before %s, a run ends as one that was left alone, and leaves nothing else', async (_, operation, from) => {
  const out = inside(`killed-${operation.source.replace(/\W/g, '')}`);
  let [skip, dead] = [operation.source.includes('metrics') ? 1 : 0, false];
  await watched(out, (what) => {
    dead ||= operation.test(what) && skip-- === 0;
    if (dead) throw new Error('killed');
  });
  expect(dead).toBe(true);
  await rm(join(out, 'lock.json'), { force: true }); // its holder is dead, but this process is not
  const resume = (await readdir(out)).includes('run.json');
  expect(resume).toBe(!operation.test('rename run.json'));
  await run(out, resume);
  for (const file of ['model.safetensors', 'ema.safetensors', 'config.json', 'tokenizer.json']) {
    expect(await readFile(join(out, 'model', file)), file).toEqual(await readFile(inside('straight', 'model', file)));
  }
  expect(await timelessMetrics(out)).toEqual(await timelessMetrics(inside('straight')));
  expect(await temporaryNames(out)).toEqual([]);
  const number = (name: string): number => Number(/\d+$/.exec(name)![0]);
  const events = (await readdir(out)).filter((name) => name.includes('tfevents')).sort((a, b) => number(a) - number(b));
  expect((await readFile(join(out, events.at(-1)!))).includes(forgetsFrom(from))).toBe(true);
});

it.each([
  [/^open events/, 'events.out.tfevents'],
  [/^write events.*/, 'events.out.tfevents'],
  [/^write metrics/, 'metrics.jsonl'],
  [/^datasync metrics/, 'metrics.jsonl'],
  [/^mkdir text/, 'text'],
  [/^write text.training/, 'training.packed'],
  [/^mkdir filters/, 'filters'],
  [/^rename filters/, 'step-000002.safetensors'],
  [/^mkdir checkpoints$/, 'checkpoints'],
  [/^rename state\.json/, 'state.json'],
  [/^mkdir \.model/, 'model'],
])('when the disk fails at %s, the error names the file and how to go on', async (operation, file) => {
  const out = inside(`failed-${operation.source.replace(/\W/g, '')}`);
  let failures = 0;
  const error = await watched(out, (what) => {
    if (!operation.test(what) || failures++ > 0) return;
    throw Object.assign(new Error('EIO: i/o error'), { code: 'EIO', syscall: what });
  });
  expect(failures).toBeGreaterThan(0);
  expect(GmlpError.isInstance(error), String(error)).toBe(true);
  expect(error).toMatchObject({ code: 'io', message: expect.stringContaining(file) });
  expect((error as Error).message).toMatch(/EIO: i\/o error[\s\S]*go on with\n.* train --resume/);
  expect(await temporaryNames(out)).toEqual([]);
});
