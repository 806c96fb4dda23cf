import { countParameters } from '@gmlp/layers';
import { expect, it } from 'vitest';
import { createModel } from '../create-model.ts';
import { variantsOf } from '../variants.ts';

/** As timm 1.0.29 counts them. */
const parameters = {
  gmlp_ti16_224: 5_867_328,
  gmlp_s16_224: 19_422_656,
  gmlp_b16_224: 73_075_392,
  mixer_s16_224: 18_528_264,
  mixer_b16_224: 59_880_472,
  mixer_l16_224: 208_196_168,
  resmlp_12_224: 15_350_872,
  resmlp_24_224: 30_020_680,
  resmlp_36_224: 44_690_488,
  vit_tiny_patch16_224: 5_717_416,
  vit_small_patch16_224: 22_050_664,
  vit_base_patch16_224: 86_567_656,
  deit_tiny_patch16_224: 5_717_416,
  deit_small_patch16_224: 22_050_664,
  deit_base_patch16_224: 86_567_656,
  deit_tiny_distilled_patch16_224: 5_910_800,
  deit_small_distilled_patch16_224: 22_436_432,
  deit_base_distilled_patch16_224: 87_338_192,
} as const;
type ImageVariantName = keyof typeof parameters;
const names = Object.keys(parameters) as ImageVariantName[];

it.each(names)('%s has exactly timm’s parameters', (name) => {
  expect(countParameters(createModel(name).module.spec)).toBe(parameters[name]);
});

it('no variant of these families is left out', () => {
  const families = ['gmlp-vision', 'mixer-vision', 'resmlp', 'vit'] as const;
  expect(families.flatMap((family) => variantsOf(family).map(({ name }) => name)).sort()).toEqual([...names].sort());
});

it('survival probabilities are the paper’s, and the layer scale falls with the depth', () => {
  const survival = variantsOf('gmlp-vision').map(({ name }) => createModel(name).config.survivalProbability);
  expect(survival).toEqual([1, 0.95, 0.8]);
  for (const { name, config } of variantsOf('resmlp')) {
    const { layerScale: _, ...withoutScale } = config;
    expect(createModel(withoutScale).config).toEqual(createModel(name).config);
  }
});
