import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadTokenizer, trainTokenizer } from '@gmlp/text';
import { packCorpus } from '@gmlp/text/node';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCommand } from '../run-command.ts';
import { taskNames } from '../tasks/table.ts';
import { sourceAt } from '../tasks/text/list-shards.ts';
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

it('images beside what is written about them, in train and val, and with damaged ones among them, are images', async () => {
  const sorted = join(folder, 'sorted');
  await cp(images, join(sorted, 'train'), { recursive: true });
  await cp(images, join(sorted, 'val'), { recursive: true });
  await writeFile(join(sorted, 'README.md'), 'About them.');
  await writeFile(join(sorted, 'train', 'README.md'), 'About them.');
  await writeFile(join(sorted, 'train', 'labels.csv'), 'red,1');
  await writeFile(join(sorted, 'train', 'blue', '0.png'), 'no image');
  const recipe = await recipeFor({ path: sorted, name: 'sorted' });
  expect(recipe.data).toMatchObject({ path: join(sorted, 'train'), validation: join(sorted, 'val'), classes: 3 });
  await writeFile(join(sorted, 'train', 'book.txt'), 'The pictures of a text. '.repeat(100));
  expect(await recipeFor({ path: join(sorted, 'train'), name: 'book' })).toMatchObject({ data: { source: 'text' } });
});

it('a packed corpus gives its vocabulary and its length, and is no text to measure on; a corpus.json among texts is none', async () => {
  const tokenizerFile = JSON.stringify(await trainTokenizer([{ text: 'The cat sat on the mat. ' }], { vocabularySize: 275 }));
  const path = join(folder, 'corpus');
  await packCorpus([{ kind: 'text', name: 'texts', root: text, files: ['a.txt'] }], {
    ...{ folder: path, tokenizerFile, sequenceLength: 24, heldOut: 0, duplicates: 'keep', rank: 0, world: 1, threads: 1 },
  });
  const data = { source: 'packed', path, vocabulary: loadTokenizer(tokenizerFile).vocabularySize };
  expect(await recipeFor({ path, name: 'mine' })).toMatchObject({ data, model: { family: 'gmlp-language', tokens: 24 } });
  const variant = await recipeFor({ path, variant: 'bert_mlm_6_6', name: 'mine' });
  expect(variant).toMatchObject({ data, model: { variant: 'bert_mlm_6_6', tokens: 24 } });
  expect(variant.data).not.toHaveProperty('heldOut');
  await expect(sourceAt(path)).rejects.toThrow(/corpus is a packed corpus, expected a text/);
  const among = join(folder, 'among');
  await mkdir(among);
  await writeFile(join(among, 'corpus.json'), '{}');
  await writeFile(join(among, 'a.txt'), 'The cat sat on the mat. '.repeat(2000));
  expect(await recipeFor({ path: among, name: 'mine' })).toMatchObject({ data: { source: 'text' } });
});

it('what nothing can be learned from is refused, in words that say what is there', async () => {
  const at = async (name: string): Promise<string> => {
    const path = join(folder, name);
    await mkdir(path, { recursive: true });
    return path;
  };
  const refusal = async (path: string, variant?: string): Promise<string> =>
    recipeFor({ path, variant, name: 'mine' }).then(String, (error: Error) => error.message);
  for (const none of ['nowhere', 'nowhere.png'])
    expect(await refusal(join(folder, none))).toBe(`the text ${join(folder, none)} does not exist`);
  const empty = await at('empty');
  expect(await refusal(empty)).toMatch(/no file that ends in \.txt/);
  expect(await refusal(empty, 'bert_mlm_absolute')).toMatch(/no file that ends in \.txt/);
  await writeFile(join(empty, 'a.txt'), '');
  expect(await refusal(empty)).toBe(`the text ${empty} is empty`);
  const flat = await at('flat');
  await cp(join(images, 'red'), flat, { recursive: true });
  expect(await refusal(flat)).toMatch(/has images, but in no folder for each class; /);
  expect(await refusal(join(flat, '1.png'))).toMatch(/1\.png has images, but in no folder/);
  expect(await refusal(images, 'bert_mlm_absolute')).toMatch(/there are \.png 3/);
  const one = await at('one');
  await cp(join(images, 'red'), join(one, 'red'), { recursive: true });
  expect(await refusal(one)).toMatch(/has images of one class, red; expected a folder for each/);
  expect(await refusal(one, 'gmlp_s16_224')).toMatch(/has images of one class, red/);
  const broken = await at('broken');
  for (const name of ['cat', 'dog']) {
    await mkdir(join(broken, name));
    await writeFile(join(broken, name, '1.png'), 'no image');
  }
  expect(await refusal(broken)).toMatch(/none of the first 2 images of .*broken can be read: .*1\.png, byte 0: /);
  const table = join(await at('table'), 'answers.json');
  await writeFile(table, '[\n'.repeat(100));
  expect(await refusal(join(folder, 'table'))).toMatch(/there are \.json 1/);
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

it('a recipe is written as its file is read again: JSON, or a module; another name is refused', async () => {
  const recipe = await recipeFor({ path: text, name: 'mine' });
  const [json, module] = [join(folder, 'written.json'), join(folder, 'written.mjs')];
  expect((await runCommand(['init', text, '--out', json])).code).toBe(0);
  expect(await loadRecipe(json)).toEqual({ ...recipe, name: 'my-text-' });
  expect((await runCommand(['recipes', 'sotu', '--set', 'recordEvery=3', '--out', module])).code).toBe(0);
  expect(await loadRecipe(module)).toMatchObject({ name: 'sotu', recordEvery: 3 });
  for (const command of [
    ['init', text],
    ['recipes', 'sotu'],
  ])
    expect(await runCommand([...command, '--out', join(folder, 'written')])).toMatchObject({
      code: 1,
      err: expect.stringContaining("a recipe's file ends in .json or .mjs"),
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
