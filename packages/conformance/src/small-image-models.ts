/** A small model of each family for images, with random weights everywhere, so that nothing vanishes as at initialisation. */
import { type HostArray, mapTree, pathName } from '@gmlp/base';
import type { Parameter } from '@gmlp/layers';
import type { OptionsOf } from '@gmlp/models';
import { normal } from './host-inputs.ts';

const sizes = {
  imageSize: 12,
  patchSize: 4,
  channels: 12,
  hiddenChannels: 20,
  layers: 3,
  survivalProbability: 0.6,
  head: { classes: 7 },
} as const;

type Name = 'gMLP' | 'MLP-Mixer' | 'ResMLP' | 'ViT' | 'ViT with a distillation token';

export const smallImageModels: Readonly<Record<Name, OptionsOf<'gmlp-vision' | 'mixer-vision' | 'resmlp' | 'vit'>>> = {
  gMLP: { family: 'gmlp-vision', ...sizes },
  'MLP-Mixer': { family: 'mixer-vision', ...sizes, tokenHidden: 5 },
  ResMLP: { family: 'resmlp', ...sizes },
  ViT: { family: 'vit', ...sizes, heads: 3 },
  'ViT with a distillation token': { family: 'vit', ...sizes, heads: 3, distilled: true },
};

export const images = (batch: number): HostArray<'float32'> => normal(`image ${batch}`, [batch, 12, 12, 3]);

export function randomWeights(spec: unknown): object {
  return mapTree<Parameter, HostArray, unknown>(spec, ({ shape }, path) =>
    normal(pathName(path), shape, shape.length === 2 ? shape[0]! ** -0.5 : 0.5),
  ) as object;
}
