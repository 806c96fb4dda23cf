import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseRecipe, type Recipe } from '../recipes/recipe.ts';
import { sotu } from '../recipes/sotu.ts';
import { tinyRecipe } from '../run/tiny-run.ts';
import { type DeviceThread, startDeviceThread } from '../thread/device-thread.ts';
import { quickstartRecipe, runQuickstart } from './run-quickstart.ts';

let folder: string;
let recipe: Recipe;
let thread: DeviceThread;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gmlp-quickstart-'));
  const { data } = await tinyRecipe(folder);
  const model = { ...sotu.model, tokens: 16, channels: 16, hiddenChannels: 32 };
  const of = quickstartRecipe({ seed: 0, steps: 120 });
  const optimiser = { ...of.optimiser, peakRate: 2e-2, warmupSteps: 5 };
  recipe = parseRecipe({ ...of, model, data, optimiser }, 'tiny');
  thread = await startDeviceThread('ort-cpu');
});
afterAll(async () => {
  await thread.close();
  await rm(folder, { recursive: true });
});

const sentences = ['The cat sat on the [MASK].'];

/** Stopped by its own line where `stop` says so; gives what was said too. */
async function quickstart(out: string, of: Recipe, stop?: RegExp) {
  let said = '';
  const abort = new AbortController();
  const stderr = {
    write(text: string) {
      said += text;
      if (stop?.test(text)) abort.abort();
      return true;
    },
  };
  const io = { stderr, signal: abort.signal, now: () => performance.now() / 1000 };
  const result = await runQuickstart({ out: join(folder, out), recipe: of, sentences, thread }, io);
  return { ...result, said };
}

it('trains a run, fills masks, writes the report; broken off it goes on, and a finished one is begun anew with the same figures', async () => {
  const first = await quickstart('run', recipe);
  const { figures, baseline } = first.summary;
  expect(figures['perplexity']).toBeLessThan(baseline['unigramPerplexity']!);
  expect(first.filled[0]!.guesses).toHaveLength(5);
  const lines = (await readFile(join(folder, 'run', 'metrics.jsonl'), 'utf8')).trimEnd().split('\n');
  expect(JSON.parse(lines.at(-1)!)).toMatchObject({ valPerplexity: figures['perplexity'], ...baseline });
  expect(lines.filter((line) => line.includes('"valLoss"'))).toHaveLength(6); // five evaluations, and the end
  const report = await readFile(join(folder, 'run', 'report.html'), 'utf8');
  for (const shown of ['W of block 3', 'The cat sat on the ', first.filled[0]!.guesses[0]!.piece])
    expect(report).toContain(shown);

  await expect(quickstart('broken', recipe, /^step 48: validation/)).rejects.toMatchObject({ code: 'aborted' });
  const broken = await quickstart('broken', recipe);
  expect(broken.said).toContain('goes on after step 48');
  const again = await quickstart('run', recipe);
  expect(again.said).toContain('is finished, and is begun anew');
  for (const { summary, filled } of [broken, again]) {
    expect({ figures: summary.figures, filled }).toEqual({ figures, filled: first.filled });
  }
});

it('begins anew with other settings, and never replaces a run of another recipe or a folder that is none', async () => {
  const few = { ...recipe, steps: 1, optimiser: { ...recipe.optimiser, warmupSteps: 0 } };
  await quickstart('other', few);
  const { summary, said } = await quickstart('other', { ...few, seed: 1, steps: 2 });
  expect(summary.step).toBe(2);
  expect(said).toContain('begun anew');
  await expect(quickstart('other', { ...few, name: 'mine' })).rejects.toThrow(
    /holds a run of the recipe sotu; choose another --out/,
  );
  await expect(quickstart('text', few)).rejects.toThrow(/is not empty/);
  expect((await readdir(join(folder, 'text'))).length).toBe(10);
});

it('warm-up and evaluations fit into any number of steps', () => {
  for (const steps of [1, 3, 7, 10_000]) {
    const { optimiser, evaluation } = quickstartRecipe({ seed: 3, steps });
    expect(optimiser.warmupSteps).toBe(Math.ceil(steps / 10));
    expect(evaluation.every * 5).toBeGreaterThanOrEqual(steps);
  }
});
