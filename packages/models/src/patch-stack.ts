/**
 * The body that gMLP, MLP-Mixer and ResMLP share: patches as tokens, a stack of blocks, a final norm.
 *
 *   image float32 [batch, height, width, inputChannels] -> [batch, tokens, channels]
 */
import type { DenseParameters, Layer, Module, Spec } from '@gmlp/layers';
import { throughBlocks } from './through-blocks.ts';

export type PatchStackParameters<Block, Norm> = {
  readonly patches: DenseParameters;
  readonly blocks: readonly Block[];
  readonly norm: Norm;
};

export interface PatchStackParts<Block, Norm> {
  readonly patches: Layer<DenseParameters>;
  readonly blocks: readonly Module<Block>[];
  readonly norm: Layer<Norm>;
}

export function patchStack<Block, Norm>({
  patches,
  blocks,
  norm,
}: PatchStackParts<Block, Norm>): Module<PatchStackParameters<Block, Norm>> {
  const spec = { patches: patches.spec, blocks: blocks.map((block) => block.spec), norm: norm.spec };
  return {
    spec: spec as Spec<PatchStackParameters<Block, Norm>>,
    apply(params, image, context) {
      return norm.apply(params.norm, throughBlocks(blocks, params.blocks, patches.apply(params.patches, image), context));
    },
  };
}
