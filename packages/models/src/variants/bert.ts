/**
 * BERT and the Transformers of the gMLP paper. Where norms stand it does not say: here after the sums where positions are
 * absolute, as in BERT, and before the branches in the models with relative positions, which are up to 48 + 48 layers deep.
 */
import type { BertOptions } from '../bert.ts';
import type { Variants } from '../variant.ts';
import { softmaxTakesAway } from './without-gradient.ts';

/** The full BERT setting (tables 5 and 6): C4, length 512, 32,000 cased pieces. */
const full = { family: 'bert', vocabulary: 32_000, tokens: 512 } as const;
const base = { channels: 768, hiddenChannels: 3072, heads: 12 } as const;

/** The ablations (tables 3 and 4): length 128. */
const ablation = { ...full, ...base, tokens: 128 } as const;
const relativePositions = { positions: 'relative', normPlacement: 'pre' } as const;
const relative = { ...ablation, ...relativePositions } as const;

export type BertVariantName =
  | 'bert_base'
  | 'bert_large'
  | 'bert_base_relpos'
  | 'bert_mlm_absolute'
  | 'bert_mlm_noattn'
  | 'bert_mlm_6_6'
  | 'bert_mlm_12_12'
  | 'bert_mlm_24_24'
  | 'bert_mlm_48_48';

const withoutGradient = { 'blocks.#.attention.key.bias': softmaxTakesAway };

export const bertVariants: Variants<BertVariantName, BertOptions> = {
  bert_base: {
    config: { ...full, ...base, layers: 12 },
    paper: { table: 5, parameters: 110, perplexity: 4.17 },
    withoutGradient,
  },
  bert_large: {
    config: { ...full, channels: 1024, hiddenChannels: 4096, heads: 16, layers: 24 },
    paper: { table: 5, parameters: 336, perplexity: 3.35 },
    withoutGradient,
  },
  // The paper trains it with length 128 alone: bert_mlm_12_12.
  bert_base_relpos: { config: { ...full, ...base, ...relativePositions, layers: 12 }, withoutGradient },
  bert_mlm_absolute: {
    config: { ...ablation, layers: 12 },
    paper: { table: 3, parameters: 110, perplexity: 4.37, recalled: ['parameters', 'perplexity'] },
    withoutGradient,
  },
  // "+ rel pos - attn": queries and keys fall away, values and output stay.
  bert_mlm_noattn: {
    config: { ...relative, layers: 12, content: false },
    paper: { table: 3, parameters: 96, perplexity: 5.64, recalled: ['parameters', 'perplexity'] },
  },
  // The paper counts layers of attention and of MLPs: a + b is a blocks.
  bert_mlm_6_6: {
    config: { ...relative, layers: 6 },
    paper: { table: 4, parameters: 67, perplexity: 4.91, recalled: ['perplexity'] },
    withoutGradient,
  },
  bert_mlm_12_12: {
    // also the row "+ rel pos" of table 3
    config: { ...relative, layers: 12 },
    paper: { table: 4, parameters: 110, perplexity: 4.26, recalled: ['perplexity'] },
    withoutGradient,
  },
  bert_mlm_24_24: {
    config: { ...relative, layers: 24 },
    paper: { table: 4, parameters: 195, perplexity: 3.83, recalled: ['perplexity'] },
    withoutGradient,
  },
  bert_mlm_48_48: {
    config: { ...relative, layers: 48 },
    paper: { table: 4, parameters: 365, perplexity: 3.47, recalled: ['perplexity'] },
    withoutGradient,
  },
};
