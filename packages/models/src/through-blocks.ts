import { type Context, contextOf, type Module } from '@gmlp/layers';
import type { Tensor } from '@tensorflow/tfjs-core';

/** x after one block after the other, each with draws of its own. */
export function throughBlocks<Block>(
  blocks: readonly Module<Block>[],
  params: readonly Block[],
  x: Tensor,
  context: Context,
): Tensor {
  return blocks.reduce((sum, block, layer) => block.apply(params[layer]!, sum, contextOf(context, layer)), x);
}
