/**
 * The base and the big model of "Attention Is All You Need" (Vaswani and others, 2017, table 3), with its 37,000 pieces that
 * English and German share. It prints 65 and 213 million parameters; with that vocabulary, one table of embeddings and biases at
 * all projections we count 63.1 and 214.2.
 */
import type { TransformerOptions } from '../transformer.ts';
import type { Variants } from '../variant.ts';
import { softmaxTakesAway } from './without-gradient.ts';

export type TransformerVariantName = 'transformer_base' | 'transformer_big';

const shared = { family: 'transformer', vocabulary: 37_000, tokens: 256, layers: 6 } as const;

const withoutGradient = {
  'encoder.#.attention.key.bias': softmaxTakesAway,
  'decoder.#.attention.key.bias': softmaxTakesAway,
  'decoder.#.crossAttention.key.bias': softmaxTakesAway,
};

export const transformerVariants: Variants<TransformerVariantName, TransformerOptions> = {
  transformer_base: {
    config: { ...shared, channels: 512, hiddenChannels: 2048, heads: 8, dropout: 0.1 },
    withoutGradient,
  },
  transformer_big: {
    config: { ...shared, channels: 1024, hiddenChannels: 4096, heads: 16, dropout: 0.3 },
    withoutGradient,
  },
};
