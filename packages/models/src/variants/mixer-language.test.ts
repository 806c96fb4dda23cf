import { countParameters } from '@gmlp/layers';
import { expect, it } from 'vitest';
import { createModel } from '../create-model.ts';
import { mixerLanguageFamily } from '../mixer-language.ts';
import { variantsOf } from '../variants.ts';

it.each(variantsOf('mixer-language'))('$name has the paper’s parameters within 0.6 %, and those of the formula', (variant) => {
  const { config, paper } = variant;
  const { vocabulary: v, tokens: n, channels: d, hiddenChannels: f, tokenHidden: s, layers } = config;
  const parameters = countParameters(mixerLanguageFamily.counted(createModel(config).config).spec);
  const block = 2 * 2 * d + (2 * n * s + s + n) + (2 * d * f + f + d);
  expect(parameters).toBe(v * d + layers * block + 2 * d);
  expect(Math.abs(parameters / 1e6 / paper!.parameters - 1)).toBeLessThan(0.006);
});
