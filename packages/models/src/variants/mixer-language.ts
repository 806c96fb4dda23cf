/**
 * MLP-Mixer for language, as table 3 of the paper compares it. Its sizes are not printed: 18 blocks of BERT's width with 512
 * hidden units over the tokens have the 112 million parameters that are.
 */
import type { MixerLanguageOptions } from '../mixer-language.ts';
import type { Variants } from '../variant.ts';
import { normsTakeAway } from './without-gradient.ts';

export type MixerLanguageVariantName = 'mixer_mlm_18';

export const mixerLanguageVariants: Variants<MixerLanguageVariantName, MixerLanguageOptions> = {
  mixer_mlm_18: {
    config: {
      family: 'mixer-language',
      vocabulary: 32_000,
      tokens: 128,
      channels: 768,
      hiddenChannels: 3072,
      tokenHidden: 512,
      layers: 18,
      head: { tied: true, transform: true, bias: true },
    },
    paper: { table: 3, parameters: 112, perplexity: 5.34, recalled: ['parameters', 'perplexity'] },
    withoutGradient: { 'blocks.#.tokenMixing.contract.bias': normsTakeAway },
  },
};
