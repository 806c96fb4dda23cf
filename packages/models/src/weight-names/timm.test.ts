import { type HostArray, hostArray, key, randomNormal, sizeOf, split } from '@gmlp/base';
import { beforeEach, expect, it } from 'vitest';
import { gmlpImageClassifier } from '../gmlp-vision.ts';
import { readTimm, writeTimm } from './timm.ts';

// gmlp_s16_224, shrunken: the names of timm's state_dict, with its shapes.
const [layers, patch, tokens, channels, hidden, classes] = [3, 4, 9, 8, 48, 5];
const blockShapes: Readonly<Record<string, readonly number[]>> = {
  'norm.weight': [channels],
  'norm.bias': [channels],
  'mlp_channels.fc1.weight': [hidden, channels],
  'mlp_channels.fc1.bias': [hidden],
  'mlp_channels.gate.norm.weight': [hidden / 2],
  'mlp_channels.gate.norm.bias': [hidden / 2],
  'mlp_channels.gate.proj.weight': [tokens, tokens],
  'mlp_channels.gate.proj.bias': [tokens],
  'mlp_channels.fc2.weight': [channels, hidden / 2],
  'mlp_channels.fc2.bias': [channels],
};
const shapes: Readonly<Record<string, readonly number[]>> = {
  'stem.proj.weight': [channels, 3, patch, patch],
  'stem.proj.bias': [channels],
  ...Object.fromEntries(
    Array.from({ length: layers }, (_, layer) =>
      Object.entries(blockShapes).map(([name, shape]) => [`blocks.${layer}.${name}`, shape] as const),
    ).flat(),
  ),
  'norm.weight': [channels],
  'norm.bias': [channels],
  'head.weight': [classes, channels],
  'head.bias': [classes],
};

const config = {
  family: 'gmlp-vision',
  imageSize: 12,
  patchSize: patch,
  channels,
  hiddenChannels: hidden,
  layers,
  head: { classes },
} as const;
const model = { config, module: gmlpImageClassifier(config) };

const array = (name: string, shape: readonly number[]): HostArray =>
  hostArray('float32', shape, randomNormal(split(key(0), name), sizeOf(shape)));

let weights: Map<string, HostArray>;
beforeEach(() => {
  weights = new Map(Object.entries(shapes).map(([name, shape]) => [name, array(name, shape)]));
});

it('loads a state_dict of gmlp_s16_224’s shrunken copy strictly, and writes the same', () => {
  const params = readTimm(model, weights);
  expect(params.blocks).toHaveLength(layers);
  expect(params.blocks[2]!.gate.spatial.weight).toEqual(weights.get('blocks.2.mlp_channels.gate.proj.weight'));
  expect(params.blocks[1]!.expand.weight.shape).toEqual([channels, hidden]);
  expect(params.patches.weight.shape).toEqual([patch * patch * 3, channels]);
  const written = writeTimm(model, params);
  expect([...written.keys()].sort()).toEqual(Object.keys(shapes).sort());
  for (const [name, weight] of weights) expect(written.get(name), name).toEqual(weight);
});

it('lists every missing, unexpected and misshapen name at once', () => {
  weights.delete('norm.bias');
  weights.delete('blocks.1.mlp_channels.gate.proj.bias');
  weights.set('blocks.3.norm.weight', array('deeper', [channels]));
  weights.set('blocks.0.attn.qkv.weight', array('attention', [3 * channels, channels]));
  weights.set('head.weight', array('more classes', [1000, channels]));
  weights.set('stem.proj.weight', array('larger patches', [channels, 3, 16, 16]));
  expect(() => readTimm(model, weights)).toThrow(
    new RegExp(
      'missing: blocks.1.mlp_channels.gate.proj.bias, norm.bias\\n' +
        '\\s+unexpected: blocks.3.norm.weight, blocks.0.attn.qkv.weight\\n' +
        '\\s+of another shape: stem.proj.weight is float32 \\[8, 3, 16, 16\\], expected float32 \\[8, 3, 4, 4\\]; ' +
        'head.weight is float32 \\[1000, 8\\], expected float32 \\[5, 8\\]',
    ),
  );
});

it('swapping the head keeps the body’s weights', () => {
  const fewer = { ...config, head: { classes: 2 } };
  const swapped = { config: fewer, module: gmlpImageClassifier(fewer) };
  const head = new Map([
    ['head.weight', array('new', [2, channels])],
    ['head.bias', array('new', [2])],
  ]);
  const { head: _, ...body } = readTimm(model, weights);
  const { head: scores, ...kept } = readTimm(swapped, new Map([...weights, ...head]));
  expect(kept).toEqual(body);
  expect(scores.weight.shape).toEqual([channels, 2]);
});
