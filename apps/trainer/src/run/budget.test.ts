/** A run that is given time instead of steps. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Recipe } from '../recipes/recipe.ts';
import { withSteps } from '../recipes/with-steps.ts';
import { type DeviceThread, startDeviceThread } from '../thread/device-thread.ts';
import { readRunFile } from './run-file.ts';
import { readRunState } from './run-state.ts';
import { runTraining } from './run-training.ts';
import { tinyRecipe } from './tiny-run.ts';

let folder: string;
let recipe: Recipe;
let thread: DeviceThread;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gmlp-budget-'));
  recipe = { ...(await tinyRecipe(folder)), steps: 1_000_000, evaluation: { every: 500_000, patience: null, minDelta: 0 } };
  thread = await startDeviceThread('ort-cpu');
});
afterAll(async () => {
  await thread.close();
  await rm(folder, { recursive: true });
});

async function run(out: string, given: Recipe | undefined, budget?: number, stop?: RegExp): Promise<string> {
  const abort = new AbortController();
  let told = '';
  const write = (text: string): boolean => {
    told += text;
    if (stop?.test(text)) abort.abort();
    return true;
  };
  let asked = 0;
  const now = (): number => ++asked / 100; // a clock on which looking at it takes time, and nothing else
  const io = { stderr: { write }, signal: abort.signal, now };
  await runTraining({ out, recipe: given, resume: given === undefined, budget, thread }, io);
  return told;
}

it('trains as many steps as fit, keeps them when it goes on, and gives what as many steps give', async () => {
  const out = join(folder, 'given-time');
  const measuring = run(out, recipe, 4, /^measuring/m);
  await expect(measuring).rejects.toThrow(`stopped before training. Go on with\n  gmlp train --resume --out ${out}`);
  expect(await readRunState(out)).toMatchObject({ state: 'stopped', step: 0 });
  await expect(run(out, undefined, undefined, /validation perplexity/)).rejects.toMatchObject({ code: 'aborted' });
  const file = (await readRunFile(out))!;
  expect(file.budget).toEqual({ seconds: 4, decided: true });
  const { steps, evaluation } = file.recipe;
  expect(await readRunState(out)).toMatchObject({ state: 'stopped', steps });
  expect(steps).toBeGreaterThan(5);
  expect(steps).toBeLessThan(1_000_000);
  expect(evaluation.every).toBe(Math.ceil(steps / 2));
  await expect(run(out, recipe, 4)).rejects.toMatchObject({ code: 'invalid-argument' });
  await run(out, undefined);
  expect((await readRunFile(out))!.recipe.steps).toBe(steps);
  expect(await readRunState(out)).toEqual({ state: 'finished', step: steps, steps });
  const same = join(folder, 'given-steps');
  await run(same, withSteps(recipe, steps));
  const model = (of: string): Promise<Buffer> => readFile(join(of, 'model', 'model.safetensors'));
  expect(await model(out)).toEqual(await model(same));
});

it('refuses a budget that preparing alone uses up, and leaves nothing behind', async () => {
  const out = join(folder, 'no-time');
  await expect(run(out, recipe, 0.01)).rejects.toMatchObject({ message: expect.stringContaining('give a larger --budget') });
  expect(await readRunFile(out)).toBeUndefined();
});
