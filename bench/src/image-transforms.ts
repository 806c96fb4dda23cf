/** What pictures go through in `bench images`. */
import { inceptionNormalisation } from '@gmlp/vision';
import type { ImageTransform } from '@gmlp/vision/node';

export const size = 224;
export const batchSize = 32;

const common = { size, interpolation: 'bicubic', ...inceptionNormalisation } as const;

export const evaluation: ImageTransform = { kind: 'evaluation', cropFraction: 0.875, ...common };

/** The paper's, its table 7: AutoAugment. */
export const training: ImageTransform = {
  kind: 'training',
  seed: 0,
  ...common,
  crop: { kind: 'resized' },
  flip: 'random',
  policy: 'original',
};

/** By batch. */
export const mixing = { mixup: 0.8, cutmix: 1 } as const;
