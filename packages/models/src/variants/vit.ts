/** ViT and DeiT, named as in timm. The paper compares with DeiT; its ViT rows are models for images of 384 pixels. */
import type { Variants } from '../variant.ts';
import type { VitOptions } from '../vit.ts';
import { softmaxTakesAway } from './without-gradient.ts';

type Size = 'tiny' | 'small' | 'base';

export type VitVariantName = `vit_${Size}_patch16_224` | `deit_${Size}_patch16_224` | `deit_${Size}_distilled_patch16_224`;

const shared = { family: 'vit', imageSize: 224, patchSize: 16, layers: 12 } as const;
const tiny = { ...shared, channels: 192, hiddenChannels: 768, heads: 3 } as const;
const small = { ...shared, channels: 384, hiddenChannels: 1536, heads: 6 } as const;
const base = { ...shared, channels: 768, hiddenChannels: 3072, heads: 12 } as const;

/** DeiT's training: the last block survives with 0.9. */
const deit = { survivalProbability: 0.9 } as const;
const distilled = { ...deit, distilled: true } as const;

const withoutGradient = { 'blocks.#.attention.key.bias': softmaxTakesAway };

export const vitVariants: Variants<VitVariantName, VitOptions> = {
  vit_tiny_patch16_224: { config: tiny, withoutGradient },
  vit_small_patch16_224: { config: small, withoutGradient },
  vit_base_patch16_224: { config: base, withoutGradient },
  deit_tiny_patch16_224: {
    config: { ...tiny, ...deit },
    paper: { table: 2, parameters: 5, multiplyAdds: 1.3, accuracy: 72.2, recalled: ['multiplyAdds'] },
    withoutGradient,
  },
  deit_small_patch16_224: {
    config: { ...small, ...deit },
    paper: { table: 2, parameters: 22, multiplyAdds: 4.6, accuracy: 79.8 },
    withoutGradient,
  },
  deit_base_patch16_224: {
    config: { ...base, ...deit },
    paper: { table: 2, parameters: 86, multiplyAdds: 17.5, accuracy: 81.8 },
    withoutGradient,
  },
  deit_tiny_distilled_patch16_224: { config: { ...tiny, ...distilled }, withoutGradient },
  deit_small_distilled_patch16_224: { config: { ...small, ...distilled }, withoutGradient },
  deit_base_distilled_patch16_224: { config: { ...base, ...distilled }, withoutGradient },
};
