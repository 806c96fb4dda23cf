/**
 * The body that gMLP and MLP-Mixer share for language: token embedding, a stack of blocks, a final norm. There is no positional
 * encoding: weights along the tokens know where each token is, and are made for one length.
 *
 *   ids int32 [batch, tokens] -> [batch, tokens, channels]
 */
import { type EmbeddingParameters, embedding, type LayerNormParameters, layerNorm, type Module, type Spec } from '@gmlp/layers';
import { expectIds } from './expect-ids.ts';
import type { Complete } from './family.ts';
import type { LanguageOptions } from './language-config.ts';
import { throughBlocks } from './through-blocks.ts';

export type TokenStackParameters<Block> = {
  readonly embedding: EmbeddingParameters;
  readonly blocks: readonly Block[];
  readonly norm: LayerNormParameters;
};

type TokenStackForm = Omit<Complete<LanguageOptions>, 'hiddenChannels' | 'activation' | 'head'>;

/** `source` is named in errors. Every block is of the same form. */
export function tokenStack<Block>(
  source: string,
  { vocabulary, tokens, channels, layers, epsilon }: TokenStackForm,
  block: Module<Block>,
): Module<TokenStackParameters<Block>> {
  const embed = embedding({ vocabulary, channels });
  const blocks = Array.from({ length: layers }, () => block);
  const norm = layerNorm({ channels, epsilon });
  const spec = { embedding: embed.spec, blocks: blocks.map(({ spec }) => spec), norm: norm.spec };
  return {
    spec: spec as Spec<TokenStackParameters<Block>>,
    apply(params, ids, context) {
      expectIds(ids, { source, name: 'ids', tokens, length: 'exact' });
      return norm.apply(params.norm, throughBlocks(blocks, params.blocks, embed.apply(params.embedding, ids), context));
    },
  };
}
