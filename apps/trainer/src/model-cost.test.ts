import { createModel, variantsOf } from '@gmlp/models';
import { expect, it } from 'vitest';
import { modelCost } from './model-cost.ts';

it.each(variantsOf('gmlp-language'))('$name has the paper’s parameters and the products’ multiply-adds', ({ config, paper }) => {
  const { params, macs, family } = modelCost(createModel(config).config);
  expect(family).toBe('gmlp-language');
  if (paper) expect(Math.abs(params / 1e6 - paper.parameters)).toBeLessThan(0.7);
  const { layers, tokens, channels, hiddenChannels, gate = 'split', attentionChannels: a = 0 } = config;
  const gated = gate === 'split' ? hiddenChannels / 2 : hiddenChannels;
  const attention = 3 * channels * a + 2 * tokens * a + a * gated;
  expect(macs).toBe(layers * tokens * (channels * hiddenChannels + tokens * gated + gated * channels + attention));
});

it.each(variantsOf('gmlp-vision'))('$name counts its patches and its head too', ({ config, paper }) => {
  const { params, macs } = modelCost(createModel(config).config);
  const [tokens, pixels, classes] = [196, 16 * 16 * 3, 1000];
  const { layers, channels: d, hiddenChannels: f } = config;
  expect(macs).toBe(tokens * pixels * d + layers * tokens * (d * f + (tokens * f) / 2 + (d * f) / 2) + d * classes);
  expect(Math.abs(params / 1e6 - paper!.parameters)).toBeLessThan(0.6);
});

// Of the products alone; timm's lists count a little more.
it.each([
  ['gmlp-vision', [1.329, 4.392, 15.72]],
  ['mixer-language', [12.684]],
  ['mixer-vision', [3.777, 12.602, 44.548]],
  ['resmlp', [3.01, 5.961, 8.913]],
  ['vit', [1.254, 4.599, 17.564, 1.254, 4.599, 17.564, 1.261, 4.624, 17.657]],
] as const)('%s: billions of multiply-adds', (family, expected) => {
  variantsOf(family).forEach(({ name, config }, index) => {
    expect(modelCost(createModel(config).config).macs / 1e9, name).toBeCloseTo(expected[index]!, 3);
  });
});
