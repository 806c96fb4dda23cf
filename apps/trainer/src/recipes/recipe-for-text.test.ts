import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCommand } from '../run-command.ts';
import { taskNames } from '../tasks/table.ts';
import { loadRecipe } from './load-recipe.ts';
import { recipeForText } from './recipe-for-text.ts';
import { variantsFor } from './recipe-model.ts';
import { recipeModule } from './recipe-module.ts';

let folder: string;
let text: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gmlp-for-text-'));
  text = join(folder, 'my "text"');
  await mkdir(text);
  await writeFile(join(text, 'a.txt'), 'The cat sat on the mat. '.repeat(2000));
});
afterAll(() => rm(folder, { recursive: true }));

const trained = taskNames.flatMap((task) => variantsFor(task).map(({ name }) => ({ task, name })));

it.each(trained)('$name is trained by the task $task, in steps of about 4,096 tokens', async ({ task, name }) => {
  const recipe = await recipeForText({ path: text, variant: name, name: 'mine' });
  expect(recipe).toMatchObject({ task, model: { variant: name }, data: { source: 'text', path: text } });
  expect(recipe.optimiser.peakRate).toBeLessThan(4e-3);
  expect(recipe.evaluation.every).toBeLessThan(recipe.steps / 5);
});

it('suits the size of the text: more of it means more steps and pieces, and wider models a lower rate', async () => {
  const short = await recipeForText({ path: text, name: 'short' });
  const addresses = await recipeForText({ name: 'long' });
  expect(short).toMatchObject({ steps: 500, data: { vocabulary: 1024 }, optimiser: { peakRate: 4e-3 } });
  expect(addresses).toMatchObject({ data: { source: 'sotu', vocabulary: 4096 } });
  const tokens = addresses.steps * addresses.batchSize * addresses.accumulate * 64;
  expect(tokens / 2.5e6).toBeGreaterThan(2.5);
  expect(tokens / 2.5e6).toBeLessThan(3.5);
  const wide = await recipeForText({ variant: 'gmlp_mlm_18', name: 'wide' });
  expect(wide.optimiser.peakRate).toBe(1e-3);
});

it('what init writes is the same recipe again, with comments, and is never written over another', async () => {
  const recipe = await recipeForText({ path: text, variant: 'bert_mlm_absolute', name: 'mine' });
  const path = join(folder, 'again.mjs');
  await writeFile(path, recipeModule(recipe, 'gmlp train again.mjs'));
  expect(await loadRecipe(path)).toEqual(recipe);

  const out = join(folder, 'mine.mjs');
  const { code, err } = await runCommand(['init', text, '--out', out]);
  expect({ code, err }).toEqual({ code: 0, err: expect.stringContaining(`gmlp train ${out} trains it`) });
  expect(await loadRecipe(out)).toMatchObject({ name: 'my-text-', data: { path: text } });
  expect(await runCommand(['init', text, '--out', out])).toMatchObject({
    code: 1,
    err: expect.stringContaining('is there already'),
  });
});

it.each([
  [['train', '--variant', 'gmlp_mlm_19'], 1, /there is no variant "gmlp_mlm_19"; did you mean gmlp_mlm_18\?/],
  [['train', '--variant', 'gmlp_s16_224'], 1, /no task trains gmlp_s16_224, a gmlp-vision/],
  [['train', '--data', 'my-text'], 2, /--data goes with --variant; of a recipe it is --set data\.source=text/],
  [['train', 'sotu', '--variant', 'gmlp_mlm_18'], 2, /--variant stands in the place of a recipe: leave sotu out/],
  [['train', '--variant', 'gmlp_mlm_18', '--data', 'nowhere'], 1, /^the text nowhere does not exist$/m],
])('%o is refused', async (args, code, message) => {
  const ended = await runCommand(args);
  expect(ended.code).toBe(code);
  expect(ended.err).toMatch(message);
});
