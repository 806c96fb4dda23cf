/** gMLP for images: the paper's models of tables 1 and 2, named as in timm. Survival probabilities: table 7. */
import type { GmlpVisionOptions } from '../gmlp-vision.ts';
import type { Variants } from '../variant.ts';

export type GmlpVisionVariantName = 'gmlp_ti16_224' | 'gmlp_s16_224' | 'gmlp_b16_224';

const sizes = { family: 'gmlp-vision', imageSize: 224, patchSize: 16, layers: 30 } as const;

export const gmlpVisionVariants: Variants<GmlpVisionVariantName, GmlpVisionOptions> = {
  gmlp_ti16_224: {
    config: { ...sizes, channels: 128, hiddenChannels: 768, survivalProbability: 1 },
    paper: { table: 2, parameters: 6, multiplyAdds: 1.4, accuracy: 72.3 },
  },
  gmlp_s16_224: {
    config: { ...sizes, channels: 256, hiddenChannels: 1536, survivalProbability: 0.95 },
    paper: { table: 2, parameters: 20, multiplyAdds: 4.5, accuracy: 79.6 },
  },
  gmlp_b16_224: {
    config: { ...sizes, channels: 512, hiddenChannels: 3072, survivalProbability: 0.8 },
    paper: { table: 2, parameters: 73, multiplyAdds: 15.8, accuracy: 81.6 },
  },
};
