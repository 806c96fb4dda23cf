/**
 * The body that gMLP, MLP-Mixer and ResMLP share: patches as tokens, a stack of blocks, a final norm.
 *
 *   image float32 [batch, height, width, inputChannels] -> [batch, tokens, channels]
 */
import { contextOf, type DenseParameters, type Layer, type Module, type Spec } from '@gmlp/layers';

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
      let x = patches.apply(params.patches, image);
      blocks.forEach((block, layer) => {
        x = block.apply(params.blocks[layer]!, x, contextOf(context, layer));
      });
      return norm.apply(params.norm, x);
    },
  };
}
