/**
 * gMLP and aMLP for language: the paper's models of tables 3 to 6, and the aMLPs of figure 8, whose figures it does not print.
 * The causal ones are the base models that never look ahead, for next-token prediction; the paper has none.
 */
import type { GmlpLanguageOptions } from '../gmlp-language.ts';
import type { Variants } from '../variant.ts';

const head = { tied: true, transform: true, bias: true } as const; // "I/O protocols follow BERT" (figure 1)

/** The full BERT setting (tables 5 and 6): C4, length 512, 32,000 cased pieces. */
const full = { family: 'gmlp-language', vocabulary: 32_000, tokens: 512, head } as const;

/** The ablations (tables 3 and 4): length 128, narrow and deep. */
const ablation = { ...full, tokens: 128, channels: 512, hiddenChannels: 3072 } as const;

export type GmlpLanguageVariantName =
  | 'gmlp_base'
  | 'gmlp_large'
  | 'gmlp_xlarge'
  | 'gmlp_mlm_18'
  | 'gmlp_mlm_36'
  | 'gmlp_mlm_72'
  | 'gmlp_mlm_144'
  | 'gmlp_mlm_linear'
  | 'gmlp_mlm_additive'
  | 'gmlp_mlm_multiplicative'
  | 'amlp_base'
  | 'amlp_large'
  | 'amlp_mlm_18'
  | 'amlp_mlm_36'
  | 'amlp_mlm_72'
  | 'amlp_mlm_144'
  | 'gmlp_causal_base'
  | 'amlp_causal_base';

export const gmlpLanguageVariants: Variants<GmlpLanguageVariantName, GmlpLanguageOptions> = {
  gmlp_base: {
    config: { ...full, layers: 48, channels: 512, hiddenChannels: 3072 },
    paper: { table: 5, parameters: 130, perplexity: 4.28 },
  },
  gmlp_large: {
    config: { ...full, layers: 96, channels: 768, hiddenChannels: 3072 },
    paper: { table: 5, parameters: 365, perplexity: 3.32 },
  },
  gmlp_xlarge: {
    config: { ...full, layers: 144, channels: 1024, hiddenChannels: 4096 },
    paper: { table: 5, parameters: 941, perplexity: 2.89, recalled: ['perplexity'] },
  },
  gmlp_mlm_18: {
    config: { ...ablation, layers: 18 },
    paper: { table: 4, parameters: 59, perplexity: 5.25, recalled: ['perplexity'] },
  },
  gmlp_mlm_36: {
    // also the split row of table 3
    config: { ...ablation, layers: 36 },
    paper: { table: 4, parameters: 102, perplexity: 4.35 },
  },
  gmlp_mlm_72: {
    config: { ...ablation, layers: 72 },
    paper: { table: 4, parameters: 187, perplexity: 3.79, recalled: ['perplexity'] },
  },
  gmlp_mlm_144: {
    config: { ...ablation, layers: 144 },
    paper: { table: 4, parameters: 357, perplexity: 3.43, recalled: ['perplexity'] },
  },
  // Without the split the contraction is twice as wide; 24 layers match the parameters that the paper prints.
  gmlp_mlm_linear: {
    config: { ...ablation, layers: 24, gate: 'linear' },
    paper: { table: 3, parameters: 92, perplexity: 5.14, recalled: ['parameters', 'perplexity'] },
  },
  gmlp_mlm_additive: {
    config: { ...ablation, layers: 24, gate: 'additive' },
    paper: { table: 3, parameters: 92, perplexity: 4.97, recalled: ['parameters', 'perplexity'] },
  },
  gmlp_mlm_multiplicative: {
    config: { ...ablation, layers: 24, gate: 'multiplicative' },
    paper: { table: 3, parameters: 92, perplexity: 4.53, recalled: ['parameters', 'perplexity'] },
  },
  amlp_base: {
    config: { ...full, layers: 36, channels: 512, hiddenChannels: 3072, attentionChannels: 64 },
    paper: { table: 5, parameters: 109, perplexity: 3.95 },
  },
  amlp_large: {
    config: { ...full, layers: 72, channels: 768, hiddenChannels: 3072, attentionChannels: 128 },
    paper: { table: 5, parameters: 316, perplexity: 3.19 },
  },
  amlp_mlm_18: { config: { ...ablation, layers: 18, attentionChannels: 64 } },
  amlp_mlm_36: { config: { ...ablation, layers: 36, attentionChannels: 64 } },
  amlp_mlm_72: { config: { ...ablation, layers: 72, attentionChannels: 64 } },
  amlp_mlm_144: { config: { ...ablation, layers: 144, attentionChannels: 64 } },
  gmlp_causal_base: { config: { ...full, causal: true, layers: 48, channels: 512, hiddenChannels: 3072 } },
  amlp_causal_base: { config: { ...full, causal: true, layers: 36, channels: 512, hiddenChannels: 3072, attentionChannels: 64 } },
};
