import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type HostArray, hostArray, mapTree, sizeOf } from '@gmlp/base';
import { encodeSafetensors } from '@gmlp/checkpoint';
import { writeModelDirectory } from '@gmlp/checkpoint/node';
import { type Parameter, toNamed } from '@gmlp/layers';
import { afterEach, beforeEach, describe, expect, expectTypeOf, it } from 'vitest';
import { startMockHub } from '../../../../tooling/mock-hub.ts';
import { createModel } from '../create-model.ts';
import { familyNames, type ModelOptions } from '../families.ts';
import { variantsOf } from '../variants.ts';
import { type HuggingFaceBertConfig, writeHuggingFaceBert } from '../weight-names/hugging-face-bert.ts';
import { type TimmConfig, writeTimm } from '../weight-names/timm.ts';
import { timmOptions } from '../weight-names/timm-config.ts';
import { loadPretrained } from './load-pretrained.ts';

const image = { imageSize: 8, patchSize: 4, channels: 4, hiddenChannels: 8, layers: 2, head: { classes: 3 } };
const bert = {
  family: 'bert',
  vocabulary: 20,
  tokens: 6,
  channels: 4,
  hiddenChannels: 8,
  heads: 2,
  layers: 2,
  segments: 2,
} as const;
/** A small model of each family. */
const small: Readonly<Record<(typeof familyNames)[number], ModelOptions>> = {
  bert,
  'extractive-span': { family: 'extractive-span', body: bert },
  'sequence-classification': { family: 'sequence-classification', body: bert, classes: 3 },
  'text-features': { family: 'text-features', body: bert },
  'gmlp-language': { family: 'gmlp-language', vocabulary: 20, tokens: 6, channels: 4, hiddenChannels: 8, layers: 2 },
  'gmlp-vision': { family: 'gmlp-vision', ...image },
  'mixer-language': {
    family: 'mixer-language',
    vocabulary: 20,
    tokens: 6,
    channels: 4,
    hiddenChannels: 8,
    tokenHidden: 6,
    layers: 2,
  },
  'mixer-vision': { family: 'mixer-vision', ...image, tokenHidden: 6 },
  resmlp: { family: 'resmlp', ...image, layerScale: 0.1 },
  transformer: { family: 'transformer', vocabulary: 20, tokens: 6, channels: 4, hiddenChannels: 8, heads: 2, layers: 2 },
  vit: { family: 'vit', ...image, heads: 2 },
};

/** Parameters of a model, no two numbers alike within 16 million. */
function countedParams(spec: unknown): unknown {
  let count = 0;
  return mapTree<Parameter, HostArray, unknown>(spec, ({ shape, dtype }) => {
    const data = new Float32Array(sizeOf(shape));
    for (let i = 0; i < data.length; i++) data[i] = count++;
    return hostArray(dtype, shape, data);
  });
}

/** Bit for bit; `toEqual` takes minutes for millions of numbers. */
function expectSame(got: unknown, expected: unknown): void {
  const [ours, theirs] = [toNamed<HostArray>(got), toNamed<HostArray>(expected)];
  expect([...ours].map(([name, { shape }]) => [name, shape])).toEqual([...theirs].map(([name, { shape }]) => [name, shape]));
  const bytes = ({ data }: HostArray): Uint8Array => new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  for (const [name, array] of ours) expect(Buffer.compare(bytes(array), bytes(theirs.get(name)!)), name).toBe(0);
}

/** A safetensors file with int64 [1, count] in front, 0, 1, 2, ...: a type that we do not write. */
function withPositions(file: Uint8Array, name: string, count: number): Uint8Array {
  const view = new DataView(file.buffer, file.byteOffset, 8);
  const length = 8 + Number(view.getBigUint64(0, true));
  const bytes = 8 * count;
  const header = JSON.parse(Buffer.from(file.subarray(8, length)).toString()) as Record<string, { data_offsets: number[] }>;
  for (const [tensor, entry] of Object.entries(header)) {
    if (tensor !== '__metadata__') entry.data_offsets = entry.data_offsets.map((offset) => offset + bytes);
  }
  const text = JSON.stringify({ [name]: { dtype: 'I64', shape: [1, count], data_offsets: [0, bytes] }, ...header });
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(text.length));
  const positions = BigInt64Array.from({ length: count }, (_, i) => BigInt(i));
  return Buffer.concat([size, Buffer.from(text), new Uint8Array(positions.buffer), file.subarray(length)]);
}

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gmlp-pretrained-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function directory(name: string, files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const path = join(folder, name);
  await mkdir(path);
  for (const [file, content] of Object.entries(files)) await writeFile(join(path, file), content);
  return path;
}

it.each(familyNames)('a saved model of the family %s comes back as it was', async (family) => {
  const { config, module } = createModel(small[family]);
  const params = countedParams(module.spec);
  const tokenizer = family === 'gmlp-language' ? '{"pieces": []}' : undefined;
  await writeModelDirectory(folder, { config, tensors: toNamed<HostArray>(params), ...(tokenizer && { tokenizer }) });
  const loaded = await loadPretrained(folder);
  expect(loaded.config).toEqual(config);
  expectSame(loaded.params, params);
  expect(loaded.module.spec).toEqual(module.spec);
  expect(loaded.tokenizer).toBe(tokenizer);
});

it('is typed by the family that is asked for, and refuses another', async () => {
  const { config, module } = createModel(small.vit);
  await writeModelDirectory(folder, { config, tensors: toNamed<HostArray>(countedParams(module.spec)) });
  const loaded = await loadPretrained(folder, { family: 'vit' });
  expectTypeOf(loaded.config.heads).toEqualTypeOf<number>();
  expectTypeOf(loaded.params.positions).toEqualTypeOf<HostArray>();
  expect(loaded.params.positions.shape).toEqual([5, 4]);
  await expect(loadPretrained(folder, { family: 'resmlp' })).rejects.toThrow(
    /holds a model of the family "vit", expected "resmlp"/,
  );
});

describe('timm', () => {
  const architecture = 'gmlp_ti16_224';
  const published = { architecture, num_classes: 5, num_features: 128, pretrained_cfg: { tag: 'made_up' } };

  /** Files as timm publishes them. */
  function timmFiles(): { files: Record<string, string | Uint8Array>; params: unknown } {
    const { config, module } = createModel(timmOptions(published));
    const params = countedParams(module.spec);
    const tensors = writeTimm({ config: config as TimmConfig }, params);
    return { params, files: { 'config.json': JSON.stringify(published), 'model.safetensors': encodeSafetensors(tensors) } };
  }

  it('a directory loads, strictly', async () => {
    const { files, params } = timmFiles();
    const path = await directory('timm', files);
    const loaded = await loadPretrained(path, { family: 'gmlp-vision' });
    expectSame(loaded.params, params);
    expect(loaded.config).toEqual(createModel({ ...variantsOf('gmlp-vision')[0]!.config, head: { classes: 5 } }).config);
    expect(variantsOf('gmlp-vision')[0]!.name).toBe(architecture);

    await writeFile(join(path, 'config.json'), JSON.stringify({ ...published, num_classes: 7 }));
    await expect(loadPretrained(path)).rejects.toMatchObject({
      code: 'shape-mismatch',
      message: expect.stringMatching(/^loadPretrained: .*timm, an image model of timm: .*head.weight is float32 \[5, 128\]/s),
    });
    await rm(join(path, 'model.safetensors'));
    await expect(loadPretrained(path)).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringMatching(/model\.safetensors does not exist/),
    });
  });

  it('a name on the Hub is fetched once, then loads without a network', async () => {
    const { files, params } = timmFiles();
    const content = new Map(Object.entries(files).map(([name, bytes]) => [name, Buffer.from(bytes)]));
    const hub = await startMockHub({ id: 'timm/gmlp_ti16_224.made_up', commit: 'c'.repeat(40), files: content });
    const where = { cache: join(folder, 'cache'), hubUrl: hub.url };
    try {
      expectSame((await loadPretrained('timm/gmlp_ti16_224.made_up', where)).params, params);
      expect(hub.asked).toContainEqual(expect.stringMatching(/resolve\/c{40}\/model\.safetensors$/));
      await expect(loadPretrained('timm/nothing', where)).rejects.toThrow(/timm\/nothing at main: .*check the name/);
    } finally {
      await hub.stop();
    }
    expectSame((await loadPretrained('timm/gmlp_ti16_224.made_up', where)).params, params);
  });
});

describe('BERT of Hugging Face', () => {
  const sizes = {
    model_type: 'bert',
    vocab_size: 20,
    max_position_embeddings: 6,
    hidden_size: 4,
    intermediate_size: 8,
    num_attention_heads: 2,
    num_hidden_layers: 2,
  };
  const body = { ...bert, pooler: true, dropout: 0.1, attentionDropout: 0.1 };

  it.each<[string, object, ModelOptions]>([
    ['BertForMaskedLM', {}, body],
    [
      'BertForSequenceClassification',
      { id2label: { 0: 'no', 1: 'perhaps', 2: 'yes' }, classifier_dropout: 0.3 },
      { family: 'sequence-classification', body, classes: 3, dropout: 0.3 },
    ],
    ['BertForQuestionAnswering', {}, { family: 'extractive-span', body }],
    ['BertModel', {}, { family: 'text-features', body }],
    ['BertModel', {}, { family: 'text-features', body: { ...body, pooler: false } }],
  ])('%s loads, strictly', async (architecture, more, options) => {
    const { config, module } = createModel(options) as { config: HuggingFaceBertConfig; module: { spec: unknown } };
    const params = countedParams(module.spec);
    const tensors = writeHuggingFaceBert(config, params);
    const published = JSON.stringify({ ...sizes, architectures: [architecture], ...more });
    const path = await directory('bert', { 'config.json': published, 'model.safetensors': encodeSafetensors(tensors) });
    const loaded = await loadPretrained(path);
    expect(loaded.config).toEqual(config);
    expectSame(loaded.params, params);

    const lost = [...tensors.keys()].find((name) => name.endsWith('encoder.layer.1.output.dense.bias'))!;
    tensors.delete(lost);
    await writeFile(join(path, 'model.safetensors'), encodeSafetensors(tensors));
    await expect(loadPretrained(path)).rejects.toThrow(`missing: ${lost}`);
  });

  it.each([
    ['BertModel', { family: 'text-features', body }, ''],
    ['BertForMaskedLM', body, 'bert.'],
  ] as const)(
    'a %s as older versions published it: the positions among the weights, other files beside',
    async (architecture, options, inFront) => {
      const { config, module } = createModel(options as ModelOptions) as {
        config: HuggingFaceBertConfig;
        module: { spec: unknown };
      };
      const params = countedParams(module.spec);
      const named = writeHuggingFaceBert(config, params);
      expect(named.has(`${inFront}encoder.layer.0.attention.self.query.weight`)).toBe(true);
      expect([...named.keys()].filter((name) => name.startsWith('bert.')).length > 0).toBe(inFront === 'bert.');
      const tokenizer = '{"version": "1.0", "model": {"type": "WordPiece", "vocab": {}}}';
      const path = await directory('published', {
        'config.json': JSON.stringify({ ...sizes, architectures: [architecture], transformers_version: '4.20.0' }),
        'model.safetensors': withPositions(encodeSafetensors(named), `${inFront}embeddings.position_ids`, 6),
        'pytorch_model.bin': 'PK',
        'tokenizer.json': tokenizer,
        'tokenizer_config.json': '{"do_lower_case": true}',
        'special_tokens_map.json': '{}',
        'vocab.txt': '[PAD]\n',
      });
      const loaded = await loadPretrained(path);
      expect(loaded.config).toEqual(config);
      expectSame(loaded.params, params);
      expect(loaded.tokenizer).toBe(tokenizer);
      await rm(join(path, 'tokenizer.json'));
      await expect(loadPretrained(path)).rejects.toThrow(
        'vocab.txt has 1 lines, and none is [UNK]; expected the vocabulary of a BERT',
      );
      await writeFile(join(path, 'vocab.txt'), '[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n');
      expect(JSON.parse((await loadPretrained(path)).tokenizer!)).toMatchObject({
        model: { type: 'WordPiece', vocab: { '[SEP]': 3 } },
      });
      expect([...writeHuggingFaceBert(config, loaded.params).keys()]).toEqual([...named.keys()]);
    },
  );

  it('a BertModel with weights that it does not have is refused by their names', async () => {
    const { config, module } = createModel({ family: 'text-features', body });
    const named = writeHuggingFaceBert(config, countedParams(module.spec));
    const path = await directory('headed', {
      'config.json': JSON.stringify({ ...sizes, architectures: ['BertModel'] }),
      'model.safetensors': encodeSafetensors(named.set('cls.predictions.bias', hostArray('float32', [20], new Float32Array(20)))),
    });
    await expect(loadPretrained(path)).rejects.toThrow(/unexpected: cls\.predictions\.bias/);
  });

  it.each<[string, unknown, ModelOptions]>([
    ['absent', undefined, body],
    ['null', null, { family: 'extractive-span', body }],
    ['empty', [], { family: 'sequence-classification', body, classes: 2, dropout: 0.1 }],
    ['null', null, { family: 'text-features', body: { ...body, pooler: false } }],
  ])('without architectures (%s) is told by the names of its weights', async (_, architectures, options) => {
    const { config, module } = createModel(options) as { config: HuggingFaceBertConfig; module: { spec: unknown } };
    const params = countedParams(module.spec);
    const path = await directory('unnamed', {
      'config.json': JSON.stringify({ ...sizes, architectures }),
      'model.safetensors': encodeSafetensors(writeHuggingFaceBert(config, params)),
    });
    const loaded = await loadPretrained(path);
    expect(loaded.config).toEqual(config);
    expectSame(loaded.params, params);
  });

  it('untied: of both biases that transformers 5 saves, the decoder’s is the one in use', async () => {
    const untied = { ...body, pooler: false, head: { tied: false, transform: true, bias: true } };
    const { config, module } = createModel(untied);
    const params = countedParams(module.spec);
    const named = writeHuggingFaceBert(config, params);
    expect(named.has('cls.predictions.decoder.bias')).toBe(true);
    named.set('cls.predictions.bias', hostArray('float32', [20], new Float32Array(20).fill(-1)));
    const published = { ...sizes, architectures: ['BertForMaskedLM'], tie_word_embeddings: false };
    const files = { 'config.json': JSON.stringify(published), 'model.safetensors': encodeSafetensors(named) };
    expectSame((await loadPretrained(await directory('both', files))).params, params);
    named.delete('cls.predictions.decoder.bias'); // as transformers 4 saved it: one for both
    named.set('cls.predictions.bias', (params as { head: { bias: HostArray } }).head.bias);
    const one = { ...files, 'model.safetensors': encodeSafetensors(named) };
    expectSame((await loadPretrained(await directory('one', one))).params, params);
  });

  it.each([
    [
      'pytorch_model.bin',
      /pytorch_model\.bin only, which is not read.*\n {2}import torch\n[\s\S]*torch\.load\(".*pytorch_model\.bin"/,
    ],
    ['model.h5', /model\.h5 only, which is not read.*model\.save_pretrained\(".*other"\)/],
  ])('with its weights as %s only is refused with the way to convert them', async (name, message) => {
    const config = JSON.stringify({ ...sizes, architectures: ['BertModel'] });
    const path = await directory('other', { 'config.json': config, [name]: 'PK' });
    await expect(loadPretrained(path)).rejects.toMatchObject({ code: 'not-found', message: expect.stringMatching(message) });
  });

  it('of the first generation: norms named as in TensorFlow, scores of next sentence prediction beside', async () => {
    const { config, module } = createModel(body);
    const params = countedParams(module.spec);
    const old = [...writeHuggingFaceBert(config, params)].flatMap(([name, array]): [string, HostArray][] =>
      name.includes('.decoder.')
        ? []
        : [[name.replace('LayerNorm.weight', 'LayerNorm.gamma').replace('LayerNorm.bias', 'LayerNorm.beta'), array]],
    );
    const next = hostArray('float32', [2], new Float32Array(2));
    const tensors = new Map([...old, ['cls.seq_relationship.bias', next] as const]);
    const path = await directory('old', {
      'config.json': JSON.stringify({ ...sizes, architectures: ['BertForPreTraining'] }),
      'model.safetensors': encodeSafetensors(tensors),
    });
    expectSame((await loadPretrained(path, { family: 'bert' })).params, params);
  });
});

describe('refuses', () => {
  it('a path where nothing is, and a file', async () => {
    await expect(loadPretrained(join(folder, 'nowhere'))).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringMatching(/no directory ".*nowhere", and a model on the Hub is named owner\/name/),
    });
    const path = join(folder, 'model.safetensors');
    await writeFile(path, '');
    await expect(loadPretrained(path)).rejects.toThrow(/expected the directory of a model, .*model\.safetensors is a file/);
    await expect(loadPretrained(join(path, 'deeper'))).rejects.toMatchObject({ code: 'not-found' });
  });

  it('a directory without a config, and a config that cannot be read', async () => {
    await expect(loadPretrained(folder)).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringMatching(/config\.json does not exist; a model has one beside its weights/),
    });
    await mkdir(join(folder, 'config.json'));
    await expect(loadPretrained(folder)).rejects.toMatchObject({ code: 'io' });
  });

  it.each<[string, string | Uint8Array, RegExp]>([
    ['nothing', '', /is not JSON/],
    ['bytes that are no text', Uint8Array.of(0x7b, 0xff, 0x7d), /is not JSON/],
    ['a list', '[1]', /holds \[1\], expected an object/],
    ['a null', 'null', /holds null, expected an object/],
    ['depth', `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, /is not JSON|of no known format: it has the names \["a"\]/],
    ['no names', '{}', /it has nothing; known are\n {2}a gmlp model .*\n {2}an image model of timm/],
    [
      'another format',
      '{"model_type": "llama", "architectures": ["LlamaForCausalLM"]}',
      /it has "model_type": "llama", "architectures": \["LlamaForCausalLM"\]; known are/,
    ],
    ['a BERT that writes', '{"model_type": "bert", "architectures": ["BertLMHeadModel"]}', /no model for .* "BertLMHeadModel"/],
    ['a BERT of nothing', '{"model_type": "bert"}', /has no "architectures", .* write one of BertModel, /],
    ['a BERT of two', '{"model_type": "bert", "architectures": ["a", "b"]}', /config\.architectures: expected at most 1 items/],
    [
      'timm that pools otherwise',
      '{"architecture": "resmlp_12_224", "global_pool": ""}',
      /^[^(]*, an image model of timm: .*a resmlp_12_224 of ours/,
    ],
    [
      'a BERT with other positions',
      '{"model_type": "bert", "architectures": ["BertForMaskedLM"], "position_embedding_type": "relative_key"}',
      /position_embedding_type: expected one of "absolute", got "relative_key"/,
    ],
    ['a name of the prototype', '{"__proto__": {"format": "gmlp-model"}}', /of no known format/],
    ['a newer version', '{"format": "gmlp-model", "version": 99, "model": {}}', /has version 99/],
    ['no model', '{"format": "gmlp-model", "version": 1}', /lacks "model"/],
    ['an unknown architecture', '{"architecture": "gmlp_s32_224"}', /the nearest is gmlp_s16_224/],
    ['an architecture of another type', '{"architecture": 5}', /it has "architecture": 5; known are/],
    ['classes without end', '{"architecture": "gmlp_s16_224", "num_classes": 1e300}', /num_classes/],
  ])('a config.json of %s', async (_, config, message) => {
    const path = await directory('hostile', { 'config.json': config, 'model.safetensors': encodeSafetensors(new Map()) });
    await expect(loadPretrained(path)).rejects.toMatchObject({ name: 'GmlpError', message: expect.stringMatching(message) });
  });

  it.each([
    ['family', { ...small.vit, family: 'constructor' }, /config\.family must be one of/],
    ['size', { ...small.vit, layers: 1e9 }, /config\.layers: expected at most 10000/],
    ['weights', { ...small.vit, layers: 3 }, /missing: blocks\.2\./],
  ])('a model of ours whose config has another %s', async (_, model, message) => {
    const { config, module } = createModel(small.vit);
    await writeModelDirectory(folder, { config, tensors: toNamed<HostArray>(countedParams(module.spec)) });
    const stored = JSON.parse(await readFile(join(folder, 'config.json'), 'utf8')) as Record<string, unknown>;
    await writeFile(join(folder, 'config.json'), JSON.stringify({ ...stored, model }));
    await expect(loadPretrained(folder)).rejects.toMatchObject({ name: 'GmlpError', message: expect.stringMatching(message) });
  });
});
