import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type HostArray, key, split } from '@gmlp/base';
import { readModelDirectory, writeModelDirectory } from '@gmlp/checkpoint/node';
import { initialValues, type Spec, toNamed } from '@gmlp/layers';
import { createModel, type ModelOptions } from '@gmlp/models';
import { formatPreprocessing, inceptionNormalisation } from '@gmlp/vision';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCommand } from '../run-command.ts';
import { imageClassification } from '../tasks/image-classification.ts';
import { weightsToBeginWith } from './weights-to-begin-with.ts';

const sizes = { imageSize: 8, patchSize: 4, channels: 4, hiddenChannels: 8, layers: 1 } as const;
const vit = { family: 'vit', ...sizes, heads: 2 } as const;
const transform = { size: 8, cropFraction: 1, interpolation: 'bicubic', ...inceptionNormalisation } as const;

let folder: string;
let trained: ReadonlyMap<string, HostArray>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gmlp-begin-with-'));
  trained = await saved('trained', { ...vit, head: { classes: 2 } });
});
afterAll(() => rm(folder, { recursive: true }));

async function saved(name: string, options: ModelOptions): Promise<ReadonlyMap<string, HostArray>> {
  const { config, module } = createModel(options);
  const tensors = toNamed<HostArray>(initialValues(module.spec as Spec<object>, key(9)));
  const classes = ['a', 'b'].map((id) => ({ id, name: id }));
  await writeModelDirectory(join(folder, name), { config, tensors, preprocessing: formatPreprocessing({ classes, transform }) });
  return tensors;
}

it('the body is that of the model, the head is drawn as without it', async () => {
  const model = createModel({ ...vit, head: { classes: 3 } });
  const weights = await weightsToBeginWith(join(folder, 'trained'), model, imageClassification, 5);
  const drawn = toNamed<HostArray>(initialValues(model.module.spec as Spec<object>, split(key(5), 'initial')));
  expect([...weights.keys()]).toEqual([...drawn.keys()]);
  for (const [name, { data }] of weights) expect(data).toEqual((name.startsWith('head.') ? drawn : trained).get(name)!.data);
});

it('a DeiT keeps its distillation token, and both of its heads are drawn', async () => {
  const distilled = { ...vit, distilled: true } as const;
  const old = await saved('distilled', { ...distilled, head: { classes: 2 } });
  const model = createModel({ ...distilled, head: { classes: 3 } });
  const weights = await weightsToBeginWith(join(folder, 'distilled'), model, imageClassification, 5);
  expect(weights.get('distillationToken')!.data).toEqual(old.get('distillationToken')!.data);
  for (const head of ['classification', 'distillation']) expect(weights.get(`head.${head}.weight`)!.shape).toEqual([4, 3]);
  const single = createModel({ ...vit, head: { classes: 3 } });
  await expect(weightsToBeginWith(join(folder, 'distilled'), single, imageClassification, 5)).rejects.toThrow(
    /distilled cannot be begun with: .*unexpected: distillationToken/s,
  );
});

it('larger images have positions between those of the model', async () => {
  const weights = await weightsToBeginWith(
    join(folder, 'trained'),
    createModel({ ...vit, imageSize: 16 }),
    imageClassification,
    5,
  );
  expect(weights.get('positions')!.shape).toEqual([17, 4]);
});

it('a model of another kind, size or width is refused by name', async () => {
  const begin = (options: object) =>
    weightsToBeginWith(join(folder, 'trained'), createModel(options as ModelOptions), imageClassification, 0);
  await expect(begin({ family: 'gmlp-vision', ...sizes })).rejects.toThrow(/they are of a vit, the model is a gmlp-vision/);
  await expect(begin({ ...vit, layers: 2 })).rejects.toThrow(/trained cannot be begun with: .*blocks\.1\./s);
  await saved('gmlp', { family: 'gmlp-vision', ...sizes });
  const larger = createModel({ family: 'gmlp-vision', ...sizes, imageSize: 16 });
  await expect(weightsToBeginWith(join(folder, 'gmlp'), larger, imageClassification, 0)).rejects.toThrow(
    /sees images of 8 pixels alone/,
  );
});

it('gmlp train --from trains it further on other classes, and its model says what images go through and its classes in words', async () => {
  const images = join(folder, 'images');
  for (const [shade, name] of ['dark', 'gray', 'light'].entries()) {
    await mkdir(join(images, name), { recursive: true });
    const level = 40 + 80 * shade;
    const create = { width: 8, height: 8, channels: 3, background: { r: level, g: level, b: level } } as const;
    for (const number of [0, 1, 2, 3])
      await sharp({ create })
        .png()
        .toFile(join(images, name, `${number}.png`));
  }
  const out = join(folder, 'run');
  const names = join(folder, 'words.txt');
  await writeFile(names, 'light\tas day\ndark\tas night\n');
  const small = [
    `data.names=${names}`,
    'steps=1',
    'batchSize=4',
    'accumulate=1',
    'optimiser.warmupSteps=0',
    'optimiser.peakRate=1e-30',
    'data.heldOut=3',
  ];
  const set = small.flatMap((setting) => ['--set', setting]);
  const args = ['train', '--from', join(folder, 'trained'), '--data', images, '--device', 'tfjs-cpu', '--out', out, ...set];
  const { code, err } = await runCommand(args);
  expect({ code, err }).toEqual({ code: 0, err: expect.stringContaining('begins with the weights of') });
  const { tensors, config, preprocessing } = await readModelDirectory(join(out, 'model'));
  expect(config).toMatchObject({ family: 'vit', head: { classes: 3 } });
  expect(JSON.parse(preprocessing!)).toMatchObject({
    transform,
    classes: [
      { id: 'dark', name: 'as night' },
      { id: 'gray', name: 'gray' },
      { id: 'light', name: 'as day' },
    ],
  });
  for (const [name, { data }] of tensors) if (!name.startsWith('head.')) expect(data).toEqual(trained.get(name)!.data);
  const { recipe } = JSON.parse(await readFile(join(out, 'run.json'), 'utf8')) as { recipe: object };
  expect(recipe).toMatchObject({ name: 'finetuned-images', from: join(folder, 'trained'), data: { normalisation: 'inception' } });
});

it.each([
  [['--from', 'x'], /name them with --data/],
  [['--from', 'x', '--variant', 'gmlp_mlm_18'], /leave --variant out/],
  [['sotu', '--from', 'x'], /--from stands in the place of a recipe: leave sotu out/],
])('gmlp train %j is refused', async (args, message) => {
  expect(await runCommand(['train', ...args])).toEqual({ code: 2, out: '', err: expect.stringMatching(message) });
});

it('a recipe of text cannot begin with weights from elsewhere', async () => {
  const { code, err } = await runCommand(['train', 'sotu', '--set', `from=${folder}`, '--dry-run']);
  expect(code).toBe(1);
  expect(err).toContain('makes a tokenizer of its own, which weights from elsewhere do not know');
});
