/** What `gmlp finetune` makes of a model and of files, without training: trainings are those of every task. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HostArray } from '@gmlp/base';
import { toNamed } from '@gmlp/layers';
import { createModel, type ModelOptions } from '@gmlp/models';
import { loadPretrained } from '@gmlp/models/node';
import { loadTokenizer } from '@gmlp/text';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fineTuningRecipes } from '../recipes/fine-tuning-recipes.ts';
import { modelOptions } from '../recipes/recipe-model.ts';
import { writeSmallHuggingFaceBert } from '../saved-model/small-hugging-face-bert.ts';
import { smallText, writeSmallModel } from '../saved-model/small-saved-model.ts';
import { weightsToBeginWith } from '../saved-model/weights-to-begin-with.ts';
import { questionAnswering } from '../tasks/question-answering.ts';
import { readTokenizerFile } from '../tasks/text/read-tokenizer-file.ts';
import { textClassification } from '../tasks/text-classification.ts';
import { fineTuningSummary, formatFineTuning } from './fine-tuning-summary.ts';
import { countTexts } from './found-classes.ts';
import { median } from './median.ts';
import { plannedRuns } from './planned-runs.ts';
import { rateFor } from './rate-for.ts';
import { recipeForAnswering } from './recipe-for-answering.ts';
import { type FineTuning, recipeForFineTuning, settingsFor } from './recipe-for-fine-tuning.ts';
import { questionPlaces, textPlaces } from './text-places.ts';

let folder: string;
const at = (name: string): string => join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gmlp-fine-tuning-'));
  await writeSmallModel(at('gmlp'));
  await writeSmallModel(at('bert'), () => 0, { family: 'bert' });
  await writeSmallModel(at('causal'), () => 0, { causal: true });
  await writeSmallModel(at('mixer'), () => 0, { family: 'mixer-language' });
  await mkdir(at('SST-2'));
  const rows = Array.from({ length: 64 }, (_, i) => `${smallText}\t${i % 2}`);
  await writeFile(at('SST-2/train.tsv'), `sentence\tlabel\n${rows.join('\n')}\n`);
  await writeFile(at('SST-2/dev.tsv'), `sentence\tlabel\n${rows[0]}\n`);
  await writeFile(at('own.csv'), 'text,label\na cat,10\na dog,9\nthe mat,9\n');
});
afterAll(() => rm(folder, { recursive: true }));

const begin = async (model: string, changes: Partial<FineTuning> = {}) =>
  recipeForFineTuning({ task: 'sst2', model: at(model), places: await textPlaces(at('SST-2')), ...changes });

describe('the recipe', () => {
  it.each(['gmlp', 'bert'])('of a %s has the settings of table 9, and weights that fit', async (name) => {
    const recipe = await begin(name);
    expect(recipe).toMatchObject({ task: 'text-classification', steps: 10, batchSize: 32, accumulate: 1 });
    expect(recipe.optimiser).toMatchObject({ peakRate: rateFor(8, 2e-5), warmupSteps: 1, decay: 'linear', weightDecay: 0.01 });
    expect(recipe.data).toMatchObject({ glue: 'sst2', classes: ['negative', 'positive'], validation: at('SST-2/dev.tsv') });
    expect(recipe.model).toMatchObject({ pooler: false, dropout: 0.1 });
    const model = createModel(modelOptions(recipe.model, textClassification.config(recipe.data as never)));
    const weights = await weightsToBeginWith(recipe.from!, model, textClassification, 0);
    const trained = toNamed<HostArray>((await loadPretrained(at(name))).params);
    expect(weights.get('head.weight')?.shape).toEqual([8, 2]);
    for (const [part, array] of weights) if (!part.startsWith('head.')) expect(array, part).toEqual(trained.get(part));
  });

  it('begins with drawn weights where that is asked', async () => {
    const { name, from, ...same } = await begin('gmlp');
    const { from: none, name: other, ...untrained } = await begin('gmlp', { untrained: true });
    expect([from, none, other]).toEqual([at('gmlp'), undefined, `${name}-untrained`]);
    expect(untrained).toEqual(same);
  });

  it('of a BERT of Hugging Face’s takes the tokenizer that it came with', async () => {
    await writeSmallHuggingFaceBert(at('hugging-face'));
    const recipe = await begin('hugging-face');
    const { tokenizer } = recipe.data as { readonly tokenizer: string };
    expect(tokenizer).toBe(at('hugging-face/vocab.txt'));
    const { encode } = loadTokenizer(await readTokenizerFile(tokenizer));
    expect([...encode('The cats sat')]).toEqual([5, 6, 7, 8]);
    await rm(tokenizer);
    await expect(begin('hugging-face')).rejects.toThrow('has no tokenizer.json or vocab.txt');
  });

  it('refuses models that cannot say what a text is', async () => {
    await expect(begin('causal')).rejects.toThrow('is causal: no token sees a later one');
    await expect(begin('mixer')).rejects.toThrow('expected a gMLP, an aMLP or a BERT of language, got a mixer-language');
  });

  it('reads other lengths by the slicing of changeSequenceLength', async () => {
    const recipe = await begin('gmlp');
    const { body } = recipe.model as { readonly body: object };
    const shorter = { ...recipe.model, body: { ...body, tokens: 8 }, classes: 2 } as unknown as ModelOptions;
    const weights = await weightsToBeginWith(recipe.from!, createModel(shorter), textClassification, 0);
    const { params } = await loadPretrained(at('gmlp'), { family: 'gmlp-language' });
    const { weight } = params.blocks[0]!.gate.spatial;
    expect(weights.get('blocks.0.gate.spatial.weight')?.data).toEqual(weight.data.slice(8, 23));
  });
});

describe('the files', () => {
  it('of a folder are found by GLUE’s names; what there is not is said', async () => {
    expect(await textPlaces(at('SST-2'))).toEqual({
      training: at('SST-2/train.tsv'),
      validation: at('SST-2/dev.tsv'),
      further: {},
    });
    await mkdir(at('MNLI'));
    for (const name of ['train', 'dev_matched', 'dev_mismatched']) await writeFile(at(`MNLI/${name}.tsv`), '');
    expect(await textPlaces(at('MNLI'))).toMatchObject({
      validation: at('MNLI/dev_matched.tsv'),
      further: { mismatched: at('MNLI/dev_mismatched.tsv') },
    });
    await mkdir(at('hub'));
    for (const name of ['train-00000-of-00001', 'validation-00000-of-00001']) await writeFile(at(`hub/${name}.parquet`), '');
    expect((await textPlaces(at('hub'))).validation).toBe(at('hub/validation-00000-of-00001.parquet'));
    await writeFile(at('hub/train-00001-of-00002.parquet'), '');
    await expect(textPlaces(at('hub'))).rejects.toThrow('of which one is read');
    await expect(textPlaces(at('gmlp'))).rejects.toThrow('no file to train on: expected train.tsv');
    await expect(textPlaces(at('nothing'))).rejects.toThrow('do not exist');
  });

  it('of one’s own have the classes that they have, numbers by their size', async () => {
    const stop = (): never => expect.unreachable();
    expect(await countTexts(at('own.csv'), {}, stop)).toEqual({ count: 3, classes: ['9', '10'] });
    await writeFile(at('one.csv'), 'text,label\na,x\n');
    await expect(countTexts(at('one.csv'), {}, stop)).rejects.toThrow('texts of one class, x');
  });
});

describe('questions', () => {
  const answers = (at: number) => [{ text: 'cat', answer_start: at }];
  const write = (name: string, count: number) => {
    const qas = Array.from({ length: count }, (_, id) => ({ id: `${id}`, question: 'what sat?', answers: answers(4) }));
    const data = [{ title: 't', paragraphs: [{ context: smallText, qas }] }];
    return writeFile(at(`SQuAD/${name}`), JSON.stringify({ version: '1.1', data }));
  };
  beforeAll(async () => {
    await mkdir(at('SQuAD'));
    for (const [name, count] of [
      ['train-v1.1.json', 64],
      ['dev-v1.1.json', 2],
      ['train.json', 8],
    ] as const)
      await write(name, count);
  });

  it('of a folder are found by SQuAD’s names and version', async () => {
    expect(await questionPlaces(at('SQuAD'), '1.1')).toMatchObject({
      training: at('SQuAD/train-v1.1.json'),
      validation: at('SQuAD/dev-v1.1.json'),
    });
    expect(await questionPlaces(at('SQuAD'), '2.0')).toEqual({ training: at('SQuAD/train.json'), further: {} });
    await expect(questionPlaces(at('gmlp'), '2.0')).rejects.toThrow('expected train-v2.0.json or train.json, got config.json');
    await expect(questionPlaces(at('nothing'), '2.0')).rejects.toThrow('do not exist');
  });

  it.each(['gmlp', 'bert'])('of a %s are learned by the settings of table 9', async (name) => {
    const places = await questionPlaces(at('SQuAD'), '1.1');
    const recipe = await recipeForAnswering({ task: 'squad1', model: at(name), places });
    expect(recipe).toMatchObject({ task: 'question-answering', steps: 8000, batchSize: 32, accumulate: 1 });
    expect(recipe.optimiser).toMatchObject({ peakRate: rateFor(8, 5e-5), warmupSteps: 1000, decay: 'linear', weightDecay: 0.01 });
    expect(recipe.data).toMatchObject({ noAnswer: false, stride: 8, questionTokens: 64, answerTokens: 30 });
    expect(recipe.model).toMatchObject({ family: 'extractive-span', body: { tokens: 16 } });
    const weights = await weightsToBeginWith(recipe.from!, createModel(modelOptions(recipe.model, {})), questionAnswering, 0);
    const trained = toNamed<HostArray>((await loadPretrained(at(name))).params);
    expect(weights.get('head.weight')?.shape).toEqual([8, 2]);
    for (const [part, array] of weights) if (!part.startsWith('head.')) expect(array, part).toEqual(trained.get(part));
  });

  it('take a small batch where there are few of them, and refuse what sees no later token', async () => {
    const places = await questionPlaces(at('SQuAD'), '2.0');
    const recipe = await recipeForAnswering({ task: 'squad2', model: at('gmlp'), places });
    expect(recipe.batchSize * recipe.accumulate).toBe(4);
    expect(recipe.data).toMatchObject({ noAnswer: true });
    await expect(recipeForAnswering({ task: 'squad1', model: at('causal'), places })).rejects.toThrow('is causal');
  });
});

describe('the runs', () => {
  it('micro-batches fill a batch exactly, of whatever size', () => {
    for (const texts of [1, 7, 31, 500])
      for (const tokens of [16, 128, 512, 4096]) {
        const { batchSize, accumulate, steps } = settingsFor({
          by: fineTuningRecipes.sst2,
          texts,
          tokens,
          batch: 32,
          rate: 1e-5,
        });
        expect(batchSize * accumulate).toBe(Math.min(32, texts));
        expect(batchSize).toBeLessThanOrEqual(texts);
        expect(steps).toBe(Math.max(1, Math.round((5 * texts) / Math.min(32, texts))));
      }
  });

  it('of SQuAD are of so many steps, whatever their number', () => {
    const settings = settingsFor({ by: fineTuningRecipes.squad1, texts: 87_599, tokens: 512, batch: 32, rate: 5e-5 });
    expect(settings).toMatchObject({
      steps: 8000,
      batchSize: 4,
      accumulate: 8,
      optimiser: { warmupSteps: 1000, clipNorm: null },
    });
  });

  it('one by itself; seeds; a grid of six settings', async () => {
    const recipe = await begin('gmlp');
    const plan = (seeds: number, grid: boolean, set: readonly string[] = []) =>
      plannedRuns(recipe, { out: 'x', seeds, grid: grid ? fineTuningRecipes.sst2 : undefined, set });
    expect(plan(1, false)).toEqual([{ out: 'x', setting: '', recipe }]);
    expect(plan(3, false, ['seed=4']).map(({ out, recipe: { seed } }) => [out, seed])).toEqual([
      [join('x', 'seed-4'), 4],
      [join('x', 'seed-5'), 5],
      [join('x', 'seed-6'), 6],
    ]);
    const grid = plan(2, true);
    expect(grid).toHaveLength(12);
    expect(new Set(grid.map(({ out }) => out)).size).toBe(12);
    const batches = grid.map(({ recipe: { batchSize, accumulate } }) => batchSize * accumulate);
    expect(new Set(batches)).toEqual(new Set([16, 32]));
  });

  it('come to their median, the best setting first', () => {
    expect([median([3, 1, 2]), median([4, 1, 3, 2])]).toEqual([2, 2.5]);
    const run = (setting: string, seed: number, accuracy: number) => {
      const figures = { accuracy, f1: accuracy, matthews: 0, loss: 1 };
      return {
        run: `${setting}/${seed}`,
        setting,
        seed,
        figures,
        further: { mismatched: { ...figures, accuracy: accuracy / 2 } },
      };
    };
    const runs = [run('a', 0, 0.5), run('a', 1, 0.9), run('a', 2, 0.6), run('b', 0, 0.7), run('b', 1, 0.8), run('b', 2, 0.1)];
    const summary = fineTuningSummary(runs, { name: 'accuracy', better: 'higher' });
    expect(summary.settings.map(({ setting, median: { accuracy } }) => [setting, accuracy])).toEqual([
      ['b', 0.7],
      ['a', 0.6],
    ]);
    const text = formatFineTuning(summary, textClassification);
    expect(text).toContain('b, median of 3');
    expect(text).toContain('35.00 %');
    for (const { run: name } of runs) expect(text).toContain(name);
  });
});

it('the head is drawn from the seed', async () => {
  const recipe = await begin('gmlp');
  const model = createModel(modelOptions(recipe.model, { classes: 2 }));
  const head = async (seed: number) =>
    (await weightsToBeginWith(recipe.from!, model, textClassification, seed)).get('head.weight')?.data;
  expect(await head(1)).toEqual(await head(1));
  expect(await head(1)).not.toEqual(await head(2));
});
