/** ResMLP, named as in timm. */
import type { ResmlpOptions } from '../resmlp.ts';
import type { Variants } from '../variant.ts';

export type ResmlpVariantName = 'resmlp_12_224' | 'resmlp_24_224' | 'resmlp_36_224';

const sizes = { family: 'resmlp', imageSize: 224, patchSize: 16, channels: 384, hiddenChannels: 1536 } as const;

export const resmlpVariants: Variants<ResmlpVariantName, ResmlpOptions> = {
  resmlp_12_224: {
    config: { ...sizes, layers: 12, layerScale: 0.1 },
    paper: { table: 2, parameters: 15, multiplyAdds: 3, accuracy: 76.6 },
  },
  resmlp_24_224: {
    config: { ...sizes, layers: 24, layerScale: 1e-5 },
    paper: { table: 2, parameters: 30, multiplyAdds: 6, accuracy: 79.4 },
  },
  resmlp_36_224: {
    config: { ...sizes, layers: 36, layerScale: 1e-6 },
    paper: { table: 2, parameters: 45, multiplyAdds: 8.9, accuracy: 79.7 },
  },
};
