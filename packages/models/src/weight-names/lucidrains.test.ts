import { type HostArray, hostArray, key } from '@gmlp/base';
import { initialValues } from '@gmlp/layers';
import { beforeEach, expect, it } from 'vitest';
import { createModel } from '../create-model.ts';
import { readLucidrains, writeLucidrains } from './lucidrains.ts';

const [vocabulary, dim, hidden, tokens] = [7, 4, 12, 3];
const shapes: Record<string, number[]> = {
  'to_embed.weight': [vocabulary, dim],
  'layers.0.fn.norm.weight': [dim],
  'layers.0.fn.norm.bias': [dim],
  'layers.0.fn.fn.fn.proj_in.0.weight': [hidden, dim],
  'layers.0.fn.fn.fn.proj_in.0.bias': [hidden],
  'layers.0.fn.fn.fn.sgu.norm.weight': [hidden / 2],
  'layers.0.fn.fn.fn.sgu.norm.bias': [hidden / 2],
  'layers.0.fn.fn.fn.sgu.weight': [1, tokens, tokens],
  'layers.0.fn.fn.fn.sgu.bias': [1, tokens],
  'layers.0.fn.fn.fn.proj_out.weight': [dim, hidden / 2],
  'layers.0.fn.fn.fn.proj_out.bias': [dim],
  'to_logits.0.weight': [dim],
  'to_logits.0.bias': [dim],
  'to_logits.1.weight': [vocabulary, dim],
  'to_logits.1.bias': [vocabulary],
};
const array = (shape: number[]): HostArray => {
  const size = shape.reduce((a, b) => a * b, 1);
  return hostArray(
    'float32',
    shape,
    Float32Array.from({ length: size }, (_, i) => i),
  );
};
let weights: Map<string, HostArray>;
beforeEach(() => {
  weights = new Map(Object.entries(shapes).map(([name, shape]) => [name, array(shape)]));
});

const tinyAttention = (): void => {
  weights.set('layers.0.fn.fn.fn.attn.to_qkv.weight', array([24, 4]));
  weights.set('layers.0.fn.fn.fn.attn.to_out.weight', array([hidden / 2, 8]));
  weights.set('layers.0.fn.fn.fn.attn.to_out.bias', array([hidden / 2]));
};

it('reads the config off the shapes and turns matrices round', () => {
  const { config, params } = readLucidrains(weights, { causal: true });
  expect(config).toMatchObject({
    vocabulary,
    channels: dim,
    hiddenChannels: hidden,
    tokens,
    layers: 1,
    causal: true,
    epsilon: 1e-5,
  });
  expect(params.blocks[0]!.expand.weight.shape).toEqual([dim, hidden]);
  expect(params.blocks[0]!.expand.weight.data[1]).toBe(dim); // theirs [1, 0]
  expect(params.blocks[0]!.gate.spatial.weight.shape).toEqual([tokens, tokens]);
});

it('reads tiny attention off the shapes', () => {
  tinyAttention();
  const { config, params } = readLucidrains(weights);
  expect(config).toMatchObject({ attentionChannels: 8, attentionBias: false });
  expect(params.blocks[0]!.gate.attention?.qkv.weight.shape).toEqual([dim, 24]);
});

it('refuses circulant matrices and anything else it does not know, by name', () => {
  weights.set('layers.0.fn.fn.fn.attn.to_kv.weight', array([24, 4]));
  weights.set('layers.0.fn.fn.fn.sgu.circulant_pos_x', array([1, 3]));
  expect(() => readLucidrains(weights)).toThrow(
    /not known: layers.0.fn.fn.fn.attn.to_kv.weight, layers.0.fn.fn.fn.sgu.circulant_pos_x/,
  );
});

it('refuses several heads', () => {
  weights.set('layers.0.fn.fn.fn.sgu.weight', array([2, tokens, tokens]));
  expect(() => readLucidrains(weights)).toThrow(/sgu.weight must have a first axis of one, got shape \[2, 3, 3\]/);
});

it('names what is missing and what has another shape', () => {
  weights.delete('to_logits.1.bias');
  weights.set('to_logits.0.bias', array([dim + 1]));
  expect(() => readLucidrains(weights)).toThrow(
    /missing: head.bias\n\s+of another shape: norm.offset is float32 \[5\], expected float32 \[4\]/,
  );
  weights.delete('to_embed.weight');
  expect(() => readLucidrains(weights)).toThrow(/lack what becomes embedding.weight/);
});

it('refuses weights of another type, matrices too', () => {
  weights.set('to_embed.weight', hostArray('int32', [vocabulary, dim], new Int32Array(vocabulary * dim)));
  weights.set('to_logits.1.weight', hostArray('int32', [vocabulary, dim], new Int32Array(vocabulary * dim)));
  expect(() => readLucidrains(weights)).toThrow(/embedding.weight is int32 .*head.weight is int32/);
});

it.each(['gMLP', 'aMLP'])('writes what it read, bit for bit: %s', (kind) => {
  if (kind === 'aMLP') tinyAttention();
  const written = writeLucidrains(readLucidrains(weights, { causal: true }));
  expect(new Set(written.keys())).toEqual(new Set(weights.keys()));
  for (const [name, theirs] of weights) expect(written.get(name), name).toEqual(theirs);
});

it('a model of ours comes back through their names', () => {
  const { config, module } = createModel({
    ...readLucidrains(weights, { causal: true }).config,
    layers: 11, // two digits
    attentionChannels: 2,
  });
  const params = initialValues(module.spec, key(4));
  expect(readLucidrains(writeLucidrains({ config, params }), { causal: true })).toEqual({ config, params });
});

it('lists all that their model cannot be', () => {
  const { config } = createModel('amlp_mlm_18');
  const small = { ...config, vocabulary, tokens, channels: dim, hiddenChannels: hidden, layers: 1 };
  const params = initialValues(createModel(small).module.spec, key(0));
  expect(() => writeLucidrains({ config: small, params })).toThrow(
    /spatialWeight: .*\n.*epsilon: .*\n.*attentionBias: .*\n.*head.tied: .*\n.*head.transform: /,
  );
});

it('names parameters that are not the config’s', () => {
  const { config, params } = readLucidrains(weights);
  expect(() => writeLucidrains({ config: { ...config, layers: 2 }, params })).toThrow(/missing: blocks.1.norm.scale/);
});
