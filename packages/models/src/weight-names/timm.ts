/**
 * Names of timm (huggingface/pytorch-image-models) for the image models, both ways: their published weights load, and what is
 * written loads there. Checked with timm 1.0.29.
 */
import type { HostArray, MapLeaves } from '@gmlp/base';
import type { Module, Parameter, Spec } from '@gmlp/layers';
import { expectFamily } from '../expect-family.ts';
import { type NameMap, type NameRule, readWeights, writeWeights } from './name-map.ts';

/** What timm's names depend on: any config of these families has it. */
export interface TimmConfig {
  readonly family: 'gmlp-vision' | 'mixer-vision' | 'resmlp' | 'vit';
  readonly patchSize: number;
  /** Of a ViT: whether it has a distillation token. */
  readonly distilled?: boolean | undefined;
}

const linear = (theirs: string, ours: string): NameRule[] => [
  { theirs: `${theirs}.weight`, ours: `${ours}.weight`, change: 'transpose' },
  { theirs: `${theirs}.bias`, ours: `${ours}.bias` },
];

/** A linear map of the tokens: W multiplies from the left on both sides, so nothing is transposed. */
const spatial = (theirs: string, ours: string): NameRule[] => [
  { theirs: `${theirs}.weight`, ours: `${ours}.weight` },
  { theirs: `${theirs}.bias`, ours: `${ours}.bias` },
];

const norm = (theirs: string, ours: string): NameRule[] => [
  { theirs: `${theirs}.weight`, ours: `${ours}.scale` },
  { theirs: `${theirs}.bias`, ours: `${ours}.offset` },
];

const affine = (theirs: string, ours: string): NameRule[] => [
  { theirs: `${theirs}.alpha`, ours: `${ours}.scale`, change: { leadingOnes: 2 } },
  { theirs: `${theirs}.beta`, ours: `${ours}.offset`, change: { leadingOnes: 2 } },
];

const patches = (theirs: string, patch: number): NameRule[] => [
  { theirs: `${theirs}.weight`, ours: 'patches.weight', change: { patch } },
  { theirs: `${theirs}.bias`, ours: 'patches.bias' },
];

const mlp = (theirs: string, ours: string): NameRule[] => [
  ...linear(`${theirs}.fc1`, `${ours}.expand`),
  ...linear(`${theirs}.fc2`, `${ours}.contract`),
];

const attention = (theirs: string, ours: string): NameRule[] => [
  {
    theirs: `${theirs}.qkv.weight`,
    ours: [`${ours}.query.weight`, `${ours}.key.weight`, `${ours}.value.weight`],
    change: 'transpose',
  },
  { theirs: `${theirs}.qkv.bias`, ours: [`${ours}.query.bias`, `${ours}.key.bias`, `${ours}.value.bias`] },
  ...linear(`${theirs}.proj`, `${ours}.output`),
];

const families: Readonly<Record<TimmConfig['family'], (config: TimmConfig) => NameRule[]>> = {
  'gmlp-vision': ({ patchSize }) => [
    ...patches('stem.proj', patchSize),
    ...norm('blocks.#.norm', 'blocks.#.norm'),
    ...mlp('blocks.#.mlp_channels', 'blocks.#'),
    ...norm('blocks.#.mlp_channels.gate.norm', 'blocks.#.gate.norm'),
    ...spatial('blocks.#.mlp_channels.gate.proj', 'blocks.#.gate.spatial'),
    ...norm('norm', 'norm'),
    ...linear('head', 'head'),
  ],
  'mixer-vision': ({ patchSize }) => [
    ...patches('stem.proj', patchSize),
    ...norm('blocks.#.norm1', 'blocks.#.tokenNorm'),
    ...mlp('blocks.#.mlp_tokens', 'blocks.#.tokenMixing'),
    ...norm('blocks.#.norm2', 'blocks.#.channelNorm'),
    ...mlp('blocks.#.mlp_channels', 'blocks.#.channelMixing'),
    ...norm('norm', 'norm'),
    ...linear('head', 'head'),
  ],
  resmlp: ({ patchSize }) => [
    ...patches('stem.proj', patchSize),
    ...affine('blocks.#.norm1', 'blocks.#.tokenAffine'),
    ...spatial('blocks.#.linear_tokens', 'blocks.#.spatial'),
    { theirs: 'blocks.#.ls1', ours: 'blocks.#.tokenScale.scale' },
    ...affine('blocks.#.norm2', 'blocks.#.channelAffine'),
    ...mlp('blocks.#.mlp_channels', 'blocks.#.mlp'),
    { theirs: 'blocks.#.ls2', ours: 'blocks.#.channelScale.scale' },
    ...affine('norm', 'norm'),
    ...linear('head', 'head'),
  ],
  vit: ({ patchSize, distilled }) => [
    { theirs: 'cls_token', ours: 'classToken', change: { leadingOnes: 2 } },
    { theirs: 'dist_token', ours: 'distillationToken', change: { leadingOnes: 2 } },
    { theirs: 'pos_embed', ours: 'positions', change: { leadingOnes: 1 } },
    ...patches('patch_embed.proj', patchSize),
    ...norm('blocks.#.norm1', 'blocks.#.attentionNorm'),
    ...attention('blocks.#.attn', 'blocks.#.attention'),
    ...norm('blocks.#.norm2', 'blocks.#.mlpNorm'),
    ...mlp('blocks.#.mlp', 'blocks.#.mlp'),
    ...norm('norm', 'norm'),
    ...(distilled
      ? [...linear('head', 'head.classification'), ...linear('head_dist', 'head.distillation')]
      : linear('head', 'head')),
  ],
};

/** timm's names for the parameters of a config. */
export function timmNames(config: TimmConfig): NameMap {
  expectFamily('timmNames', config, Object.keys(families));
  return { source: 'timm', rules: families[config.family](config) };
}

/** A model with the config that it was made from. */
export interface TimmModel<P> {
  readonly config: TimmConfig;
  readonly module: Module<P>;
}

/** A `state_dict` of timm as parameters of our model. What is missing, unexpected or misshapen is listed, by timm's names. */
export function readTimm<P>(
  { config, module }: TimmModel<P>,
  weights: ReadonlyMap<string, HostArray>,
): MapLeaves<Spec<P>, Parameter, HostArray> {
  return readWeights(timmNames(config), module.spec, weights);
}

/** Parameters as timm's `state_dict`. */
export function writeTimm({ config }: Pick<TimmModel<unknown>, 'config'>, params: unknown): Map<string, HostArray> {
  return writeWeights(timmNames(config), params);
}
