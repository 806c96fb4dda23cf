/** MLP-Mixer for images, named as in timm. The paper compares with B/16 and L/16. */
import type { MixerVisionOptions } from '../mixer-vision.ts';
import type { Variants } from '../variant.ts';
import { normsTakeAway } from './without-gradient.ts';

export type MixerVisionVariantName = 'mixer_s16_224' | 'mixer_b16_224' | 'mixer_l16_224';

const sizes = { family: 'mixer-vision', imageSize: 224, patchSize: 16 } as const;

const withoutGradient = { 'blocks.#.tokenMixing.contract.bias': normsTakeAway };

export const mixerVisionVariants: Variants<MixerVisionVariantName, MixerVisionOptions> = {
  mixer_s16_224: { config: { ...sizes, layers: 8, channels: 512, tokenHidden: 256, hiddenChannels: 2048 }, withoutGradient },
  mixer_b16_224: {
    config: { ...sizes, layers: 12, channels: 768, tokenHidden: 384, hiddenChannels: 3072 },
    paper: { table: 2, parameters: 59, multiplyAdds: 12.7, accuracy: 76.4 },
    withoutGradient,
  },
  mixer_l16_224: {
    config: { ...sizes, layers: 24, channels: 1024, tokenHidden: 512, hiddenChannels: 4096 },
    paper: { table: 2, parameters: 207, multiplyAdds: 44.8, accuracy: 71.8 },
    withoutGradient,
  },
};
