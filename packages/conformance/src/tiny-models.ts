/** A model of each kind in a size that a GPU played by software trains in a moment, with a batch. One layer says as much as three. */
import { type HostArray, hostArray } from '@gmlp/base';
import type { ModelOptions } from '@gmlp/models';
import { ints, normal } from './host-inputs.ts';

export interface TinyModel {
  readonly options: ModelOptions;
  /** `labels`, and what the model is given: by name, or one array that is named `image`. */
  readonly batch: Readonly<Record<string, HostArray>> & { readonly labels: HostArray };
}

const text = { vocabulary: 13, tokens: 6, channels: 8, hiddenChannels: 12, layers: 1 } as const;
const masked = {
  ids: ints([3, 6], [0, 5, 12, 3, 3, 7, 1, 1, 2, 9, 11, 4, 6, 8, 10, 0, 5, 2]),
  positions: ints([3, 2], [0, 4, 1, 2, 5, 3]),
  labels: ints([3, 2], [1, 12, -100, 7, 0, 3]),
};
const padding = hostArray('bool', [3, 6], Uint8Array.of(1, 1, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 1, 1, 1, 1, 1));

const vision = { imageSize: 8, patchSize: 4, channels: 8, hiddenChannels: 12, layers: 1, head: { classes: 7 } } as const;
const classified = { image: normal('image', [3, 8, 8, 3]), labels: ints([3], [0, 6, 2]) };

type Name = 'gMLP' | 'aMLP' | 'BERT' | 'ViT with a distillation token' | 'ResMLP';

export const tinyModels: Readonly<Record<Name, TinyModel>> = {
  gMLP: {
    options: { family: 'gmlp-language', ...text, survivalProbability: 0.6, head: { transform: true } },
    batch: masked,
  },
  aMLP: { options: { family: 'gmlp-language', ...text, attentionChannels: 4 }, batch: masked },
  BERT: {
    options: { family: 'bert', ...text, heads: 2, dropout: 0.1, attentionDropout: 0.1 },
    batch: { ...masked, mask: padding },
  },
  'ViT with a distillation token': { options: { family: 'vit', ...vision, heads: 2, distilled: true }, batch: classified },
  ResMLP: { options: { family: 'resmlp', ...vision }, batch: classified },
};
