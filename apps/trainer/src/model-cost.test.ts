import { variants } from '@gmlp/models';
import { expect, it } from 'vitest';
import { modelCost } from './model-cost.ts';

it.each(variants.map(({ name, config, paper }) => ({ name, config, paper })))(
  '$name has the paper’s parameters and the products’ multiply-adds',
  ({ config, paper }) => {
    const { params, macs, family } = modelCost(config);
    expect(family).toBe('gmlp-language');
    expect(Math.abs(params / 1e6 - paper.parameters)).toBeLessThan(0.7);
    const { layers, tokens, channels, hiddenChannels, gate = 'split' } = config;
    const gated = gate === 'split' ? hiddenChannels / 2 : hiddenChannels;
    expect(macs).toBe(layers * tokens * (channels * hiddenChannels + tokens * gated + gated * channels));
  },
);
