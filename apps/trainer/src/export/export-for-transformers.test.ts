/** Exported BERTs in the pipelines of the real package: what they say is what the models say here. No network. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type HostArray, hostArray, key, probabilitiesOf, randomNormal, sizeOf, split } from '@gmlp/base';
import { encodeSafetensors } from '@gmlp/checkpoint';
import { writeModelDirectory } from '@gmlp/checkpoint/node';
import { disposeTree } from '@gmlp/devices';
import { type Device, openDevice } from '@gmlp/devices/node';
import { inference, initialValues, loadStrict, toNamed } from '@gmlp/layers';
import {
  createModel,
  familyOf,
  huggingFaceBertOptions,
  type ModelOptions,
  type OptionsOf,
  writeHuggingFaceBert,
} from '@gmlp/models';
import { loadTokenizer, trainTokenizer, trainUnigramTokenizer } from '@gmlp/text';
import { AutoModelForSequenceClassification, AutoTokenizer, env, pipeline } from '@huggingface/transformers';
import type { Tensor } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../run-command.ts';
import { loadLanguageModel } from '../saved-model/load-language-model.ts';
import { loadModel } from '../saved-model/load-model.ts';
import { loadTextClassifier } from '../saved-model/load-text-classifier.ts';
import { maskFiller } from '../saved-model/mask-filler.ts';
import { bertVocabulary, writeSmallHuggingFaceBert } from '../saved-model/small-hugging-face-bert.ts';
import { smallText, smallTokens, writeSmallModel } from '../saved-model/small-saved-model.ts';
import { writeSmallTextClassifier } from '../saved-model/small-text-classifier.ts';
import { textClassifier } from '../saved-model/text-classifier.ts';
import { rowIds, rowOf } from '../tasks/classification/text-rows.ts';
import { exportForTransformers } from './export-for-transformers.ts';
import { transformersTokenizer } from './transformers-tokenizer.ts';

let folder: string;
let device: Device;
const at = (name: string): string => join(folder, name);
const io = { signal: new AbortController().signal };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gmlp-transformers-'));
  device = await openDevice('ort-cpu');
  env.allowRemoteModels = false;
  env.localModelPath = folder;
});
afterAll(async () => {
  await device.dispose();
  await rm(folder, { recursive: true });
});

/** Random weights, larger than at the start of a training. */
const drawn = (spec: unknown): Map<string, HostArray> =>
  new Map(
    Array.from(toNamed<HostArray>(initialValues(spec as never, key(0))), ([name, { shape }]) => [
      name,
      hostArray('float32', shape, randomNormal(split(key(1), name), sizeOf(shape))),
    ]),
  );

async function writeOwn(name: string, options: (vocabulary: number) => ModelOptions): Promise<string> {
  const vocabulary = 285;
  const tokenizer = JSON.stringify(await trainTokenizer([{ text: smallText.repeat(4) }], { vocabularySize: vocabulary }));
  const { config, module } = createModel(options(vocabulary));
  await writeModelDirectory(at(name), { config, tensors: drawn(module.spec), tokenizer });
  return tokenizer;
}

const sizes = { tokens: smallTokens, channels: 8, hiddenChannels: 16, layers: 2, heads: 2 } as const;

function expectClose(actual: readonly number[], expected: ArrayLike<number>): void {
  expect(actual).toHaveLength(expected.length);
  for (const [index, value] of actual.entries()) expect(Math.abs(value - expected[index]!)).toBeLessThan(1e-4);
}

describe('a BERT of Hugging Face’s', () => {
  const sentences = ['the [MASK] sat', 'the cats [MASK] the cat', 'The CAT [MASK]', '[MASK]'];

  async function expectFilled(name: string): Promise<void> {
    const loaded = await loadLanguageModel(at('bert'));
    const filler = maskFiller(device, loaded);
    const count = bertVocabulary.length;
    const ours = await filler.fill(sentences, { count, signal: io.signal });
    await filler.dispose();
    const fill = await pipeline('fill-mask', name);
    const theirs = await fill(sentences, { top_k: count });
    for (const [row, { guesses }] of ours.entries()) {
      const of = new Map(theirs[row]!.map(({ token, score }) => [token, score]));
      expectClose(
        guesses.map(({ probability }) => probability),
        guesses.map(({ piece }) => of.get(loaded.tokenizer.idOf(piece)!)!),
      );
    }
    // Not all alike, so that another order would be seen.
    expect(ours[0]!.guesses[0]!.probability).toBeGreaterThan(2 * ours[0]!.guesses.at(-1)!.probability);
    await fill.dispose();
  }

  it('fills masks as it does here', async () => {
    await writeSmallHuggingFaceBert(at('bert'));
    const { code, out } = await runCommand(['export', at('bert'), '--onnx', at('filled'), '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ family: 'bert', output: 'logits', pipeline: 'fill-mask' });
    expect((await readdir(at('filled'), { recursive: true })).sort()).toEqual(
      ['config.json', 'onnx', join('onnx', 'model.onnx'), 'tokenizer.json', 'tokenizer_config.json'].sort(),
    );
    await expectFilled('filled');
  });

  it('a folder that holds something is left alone; a file is no folder', async () => {
    await expect(exportForTransformers(at('bert'), at('filled'), io)).rejects.toThrow('is not empty');
    await expect(exportForTransformers(at('bert'), at('bert/config.json'), io)).rejects.toThrow('is a file');
    await mkdir(at('stopped'));
    await expect(exportForTransformers(at('bert'), at('stopped'), { signal: AbortSignal.abort() })).rejects.toThrow();
    expect(await readdir(at('stopped'))).toEqual([]);
  });
});

it('a classifier of Hugging Face’s finds likely what it does here', async () => {
  const sizes = {
    hidden_size: 8,
    num_hidden_layers: 1,
    num_attention_heads: 2,
    intermediate_size: 16,
    max_position_embeddings: 12,
  };
  const published = {
    ...{ model_type: 'bert', architectures: ['BertForSequenceClassification'], vocab_size: bertVocabulary.length, ...sizes },
    id2label: { 0: 'dull', 1: 'fine' },
  };
  const { config, module } = createModel(
    huggingFaceBertOptions(published, { pooler: true }) as OptionsOf<'sequence-classification'>,
  );
  const params = loadStrict(module.spec, drawn(module.spec));
  await mkdir(at('published'));
  await writeFile(at('published/config.json'), JSON.stringify(published));
  await writeFile(at('published/vocab.txt'), bertVocabulary.join('\n'));
  await writeFile(at('published/model.safetensors'), encodeSafetensors(writeHuggingFaceBert(config, params)));
  await exportForTransformers(at('published'), at('republished'), io);
  const classifier = textClassifier(device, await loadTextClassifier(at('published')));
  const given = ['The cats sat', 'the dog'];
  const ours = await classifier.judge(given.map((first) => ({ first })));
  await classifier.dispose();
  const classify = await pipeline('text-classification', 'republished');
  for (const [index, answer] of ((await classify(given, { top_k: 2 })) as unknown as Scored[][]).entries())
    expectClose(inOrder(answer, ['dull', 'fine']), ours[index]!.probabilities);
  await classify.dispose();
});

describe('a classifier with a tokenizer of gmlp', () => {
  const labels = { classes: ['for', 'against', 'neither'] };
  const texts = ['the cat sat', 'on the mat, the dog.', '', 'Ünïcödé 猫 🐈‍⬛', ' two  spaces\nand a line\t', 'the'];

  beforeAll(async () => {
    await writeSmallTextClassifier(at('classifier'), labels);
    await exportForTransformers(at('classifier'), at('classified'), io);
  });

  it('finds likely what it does here, for any number of texts of any length', async () => {
    const loaded = await loadTextClassifier(at('classifier'));
    const classifier = textClassifier(device, loaded);
    const fitting = texts.filter(
      (text) => rowOf({ first: text }, loaded.tokenizer, rowIds(loaded.tokenizer), 1000).ids.length <= smallTokens,
    );
    expect(fitting.length).toBeGreaterThan(3);
    const ours = await classifier.judge(fitting.map((first) => ({ first })));
    const classify = await pipeline('text-classification', 'classified');
    for (const [index, answer] of ((await classify(fitting, { top_k: 3 })) as unknown as Scored[][]).entries()) {
      expectClose(inOrder(answer, labels.classes), ours[index]!.probabilities);
    }
    const [alone] = (await classify(fitting[1]!, { top_k: 1 })) as Scored[];
    const best = Math.max(...ours[1]!.probabilities);
    expect(alone).toMatchObject({ label: labels.classes[ours[1]!.probabilities.indexOf(best)] });
    await classify.dispose();

    // A pair, which the pipeline does not take, by the model itself.
    const pair = { first: 'the cat', second: 'on the mat' };
    const tokenizer = await AutoTokenizer.from_pretrained('classified');
    const model = await AutoModelForSequenceClassification.from_pretrained('classified');
    const given = tokenizer([pair.first, 'the'], { text_pair: [pair.second, 'cat'], padding: true, truncation: true });
    const { logits } = (await model(given)) as { logits: { tolist(): number[][] } };
    const judged = await classifier.judge([pair, { first: 'the', second: 'cat' }]);
    for (const [row, scores] of logits.tolist().entries()) {
      expectClose([...probabilitiesOf(Float32Array.from(scores))], judged[row]!.probabilities);
    }
    await model.dispose();
    await classifier.dispose();
  });

  it('its texts have the same ids there', async () => {
    const { tokenizer: own } = await loadTextClassifier(at('classifier'));
    const theirs = await AutoTokenizer.from_pretrained('classified');
    for (const text of texts) {
      const { ids } = rowOf({ first: text }, own, rowIds(own), 1000);
      expect(theirs.encode(text), JSON.stringify(text)).toEqual([...ids]);
    }
    const { ids, firstLength } = rowOf({ first: 'the cat', second: 'a dog' }, own, rowIds(own), 1000);
    const pair = theirs('the cat', { text_pair: 'a dog', return_tensor: false }) as unknown as Record<string, number[]>;
    expect(pair['input_ids']).toEqual([...ids]);
    expect(pair['token_type_ids']).toEqual(Array.from(ids, (_, place) => (place < firstLength ? 0 : 1)));
    expect(theirs.decode([...ids], { skip_special_tokens: true })).toContain('the cat');
  });
});

it('parameters may be in a file beside the model', async () => {
  await writeOwn('wide', (vocabulary) => ({ family: 'bert', vocabulary, ...sizes, channels: 32 }));
  await exportForTransformers(at('wide'), at('inside'), io);
  const { files } = await exportForTransformers(at('wide'), at('beside'), io, 1000);
  expect(files).toContain(join(at('beside'), 'onnx', 'model.onnx_data'));
  const filled = async (name: string): Promise<unknown> => {
    const fill = await pipeline('fill-mask', name);
    const answers = await fill(['the [MASK] sat', 'on the mat [MASK]'], { top_k: 3 });
    await fill.dispose();
    return answers;
  };
  const answers = await filled('inside');
  expect(answers).toHaveLength(2);
  expect(await filled('beside')).toEqual(answers);
});

interface Scored {
  readonly label: string;
  readonly score: number;
}

const inOrder = (scored: readonly Scored[], classes: readonly string[]): number[] =>
  classes.map((name) => scored.find(({ label }) => label === name)!.score);

it('answers are where they are here', async () => {
  const tokenizer = loadTokenizer(
    await writeOwn('answers', (vocabulary) => ({
      family: 'extractive-span',
      body: { family: 'bert', vocabulary, ...sizes, segments: 2 },
    })),
  );
  const { output } = await exportForTransformers(at('answers'), at('answered'), io);
  expect(output).toBe('start_logits, end_logits');
  const [question, context] = ['the cat', 'on the mat sat the dog'];
  const answer = await pipeline('question-answering', 'answered');
  const theirs = (await answer(question, context)) as { readonly answer: string; readonly score: number };
  await answer.dispose();

  const { ids, firstLength } = rowOf({ first: question, second: context }, tokenizer, rowIds(tokenizer), smallTokens);
  const { model, params: values } = await loadModel(at('answers'));
  const { apply } = familyOf(model.config).forward(model.config);
  const row = (value: (place: number) => number): HostArray =>
    hostArray(
      'int32',
      [1, ids.length],
      Int32Array.from(ids, (_, place) => value(place)),
    );
  const inputs = {
    ids: row((place) => ids[place]!),
    segments: row((place) => (place < firstLength ? 0 : 1)),
    mask: row(() => 1),
  };
  const params = device.put<unknown>(values as never);
  const given = device.put<Readonly<Record<string, Tensor>>>(inputs);
  const compiled = device.compile((p: unknown, named: Readonly<Record<string, Tensor>>) => apply(p, named, inference));
  const logits = await compiled(params, given);
  const { data } = await device.read(logits);
  disposeTree([params, given, logits]);
  await compiled.dispose();
  // As the pipeline does: places of the context, and that of [CLS], which is no answer.
  const counted = (place: number): boolean => place === 0 || (place >= firstLength && place < ids.length - 1);
  const [starts, ends] = [0, 1].map((which) =>
    probabilitiesOf(Float32Array.from(ids, (_, place) => (counted(place) ? data[which * ids.length + place]! : -1e9))),
  ) as [Float64Array, Float64Array];
  let best = { score: 0, start: 0, end: 0 };
  for (let start = 1; start < ids.length; start++)
    for (let end = start; end < ids.length; end++)
      if (starts[start]! * ends[end]! > best.score) best = { score: starts[start]! * ends[end]!, start, end };
  expectClose([theirs.score], [best.score]);
  expect(theirs.answer.trim()).toBe(tokenizer.decode(ids.subarray(best.start, best.end + 1)).trim());
});

it('what pipelines cannot run is refused by name', async () => {
  await writeSmallModel(at('gmlp'));
  await expect(exportForTransformers(at('gmlp'), at('none'), io)).rejects.toThrow(
    /family "gmlp-language"; expected one that a pipeline/,
  );
  await writeOwn('gmlp-classifier', (vocabulary) => ({
    family: 'extractive-span',
    body: { family: 'gmlp-language', vocabulary, tokens: 16, channels: 8, hiddenChannels: 16, layers: 1 },
  }));
  await expect(exportForTransformers(at('gmlp-classifier'), at('none'), io)).rejects.toThrow('its texts are all of one length');
  await writeOwn('relative', (vocabulary) => ({ family: 'bert', vocabulary, ...sizes, positions: 'relative' }));
  await expect(exportForTransformers(at('relative'), at('none'), io)).rejects.toThrow('relative positions');
  expect(await readdir(folder)).not.toContain('none');
});

it('a tokenizer that frames texts otherwise than the model was trained to is refused', async () => {
  const own = JSON.parse(await readFile(at('classifier/tokenizer.json'), 'utf8')) as Record<string, unknown>;
  const post_processor = { type: 'BertProcessing', sep: ['[SEP]', 3], cls: ['[MASK]', 4] };
  const other = JSON.stringify({ ...own, post_processor });
  expect(() => transformersTokenizer(other, { path: 'a.json', tokens: 8 })).toThrow(
    'a.json: its post_processor puts [MASK] [SEP] around',
  );
});

it('a unigram tokenizer with bytes is refused, as ids would be others there', async () => {
  const texts = Array.from({ length: 40 }, (_, at) => ({ text: `the cat ${at} sat on the mat` }));
  const json = JSON.stringify(await trainUnigramTokenizer(texts, { vocabularySize: 300 }));
  expect(() => transformersTokenizer(json, { path: 'a.json', tokens: 8 })).toThrow(
    'a.json: it is a unigram model that spells in bytes',
  );
});
