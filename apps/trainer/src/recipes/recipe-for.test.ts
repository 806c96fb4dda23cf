import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCommand } from '../run-command.ts';
import { taskNames } from '../tasks/table.ts';
import { loadRecipe } from './load-recipe.ts';
import { recipeFor } from './recipe-for.ts';
import { variantsFor } from './recipe-model.ts';
import { recipeModule } from './recipe-module.ts';

let folder: string;
let text: string;
let images: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gmlp-for-text-'));
  text = join(folder, 'my "text"');
  await mkdir(text);
  await writeFile(join(text, 'a.txt'), 'The cat sat on the mat. '.repeat(2000));
  images = join(folder, 'images');
  for (const [channel, name] of ['red', 'green', 'blue'].entries()) {
    await mkdir(join(images, name), { recursive: true });
    const background = { r: 0, g: 0, b: 0, [['r', 'g', 'b'][channel]!]: 200 };
    await sharp({ create: { width: 20, height: 30, channels: 3, background } }).toFile(join(images, name, '1.png'));
  }
});
afterAll(() => rm(folder, { recursive: true }));

const trained = taskNames.flatMap((task) => variantsFor(task).map(({ name }) => ({ task, name })));

it.each(trained)('$name is trained by the task $task', async ({ task, name }) => {
  const ofImages = task === 'image-classification';
  const path = ofImages ? images : text;
  const recipe = await recipeFor({ path, variant: name, name: 'mine' });
  const data = ofImages ? { format: 'folder', path, classes: 3 } : { source: 'text', path };
  expect(recipe).toMatchObject({ task, model: { variant: name }, data });
  if (ofImages) await expect(recipeFor({ path: text, variant: name, name: 'mine' })).rejects.toThrow(`${text} is neither`);
  expect(recipe.optimiser.peakRate).toBeLessThan(4e-3);
  expect(recipe.evaluation.every).toBeLessThan(recipe.steps / 5);
});

it('images without a variant: as small as CIFAR, a small gMLP, which reads them whole', async () => {
  expect(await recipeFor({ path: images, name: 'mine' })).toMatchObject({
    task: 'image-classification',
    model: { family: 'gmlp-vision', imageSize: 32, patchSize: 4 },
    data: { classes: 3, crop: 'padded', cropFraction: 1, flip: 'alternating' },
  });
});

it('suits the size of the text: more of it means more steps and pieces, and wider models a lower rate', async () => {
  const short = await recipeFor({ path: text, name: 'short' });
  const addresses = await recipeFor({ name: 'long' });
  expect(short).toMatchObject({ steps: 500, data: { vocabulary: 1024 }, optimiser: { peakRate: 4e-3 } });
  expect(addresses).toMatchObject({ data: { source: 'sotu', vocabulary: 4096 } });
  const tokens = addresses.steps * addresses.batchSize * addresses.accumulate * 64;
  expect(tokens / 2.5e6).toBeGreaterThan(2.5);
  expect(tokens / 2.5e6).toBeLessThan(3.5);
  const wide = await recipeFor({ variant: 'gmlp_mlm_18', name: 'wide' });
  expect(wide.optimiser.peakRate).toBe(1e-3);
});

it('what init writes is the same recipe again, with comments, and is never written over another', async () => {
  const recipe = await recipeFor({ path: text, variant: 'bert_mlm_absolute', name: 'mine' });
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
  [
    ['train', '--variant', 'gmlp_s16_224'],
    1,
    /gmlp_s16_224 learns from images, in a folder .* or in a tar of one: name one with --data/,
  ],
  [['train', '--data', 'my-text'], 2, /--data goes with --variant or --from; of a recipe it is --set data\.source=text/],
  [['train', 'sotu', '--variant', 'gmlp_mlm_18'], 2, /--variant stands in the place of a recipe: leave sotu out/],
  [['train', '--variant', 'gmlp_mlm_18', '--data', 'nowhere'], 1, /^the text nowhere does not exist$/m],
])('%o is refused', async (args, code, message) => {
  const ended = await runCommand(args);
  expect(ended.code).toBe(code);
  expect(ended.err).toMatch(message);
});
