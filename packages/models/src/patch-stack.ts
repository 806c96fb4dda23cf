/**
 * The body that gMLP, MLP-Mixer and ResMLP share: patches as tokens, a stack of blocks, a final norm.
 *
 *   image float32 [batch, height, width, inputChannels] -> [batch, tokens, channels]
 */
import {
  type DenseParameters,
  type Layer,
  type Module,
  patchEmbedding,
  patchTokens,
  type Spec,
  survivalProbabilities,
} from '@gmlp/layers';
import type { Complete } from './family.ts';
import type { ImageOptions } from './image-config.ts';
import { throughBlocks } from './through-blocks.ts';

export type PatchStackParameters<Block, Norm> = {
  readonly patches: DenseParameters;
  readonly blocks: readonly Block[];
  readonly norm: Norm;
};

export function patchStack<Config extends Complete<ImageOptions>, Block, Norm>(
  config: Config,
  /** Of the config, with what follows from it. */
  block: (form: Config & { readonly tokens: number }) => Module<Block>,
  norm: Layer<Norm>,
): Module<PatchStackParameters<Block, Norm>> {
  const { layers, survivalProbability: last, survivalSpread } = config;
  const tokens = patchTokens(config);
  const patches = patchEmbedding(config);
  const blocks = survivalProbabilities(layers, last, survivalSpread).map((survivalProbability) =>
    block({ ...config, tokens, survivalProbability }),
  );
  const spec = { patches: patches.spec, blocks: blocks.map((each) => each.spec), norm: norm.spec };
  return {
    spec: spec as Spec<PatchStackParameters<Block, Norm>>,
    apply(params, image, context) {
      return norm.apply(params.norm, throughBlocks(blocks, params.blocks, patches.apply(params.patches, image), context));
    },
  };
}
