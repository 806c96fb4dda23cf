import { expect, it } from 'vitest';
import { createModel } from './create-model.ts';
import { familyOf, type ModelConfig, type ModelOptions } from './families.ts';

const text = { vocabulary: 11, tokens: 6, channels: 8, hiddenChannels: 12, layers: 2 } as const;
const image = { imageSize: 12, patchSize: 4, channels: 8, hiddenChannels: 12, layers: 3, head: { classes: 5 } } as const;
const amlp = { family: 'gmlp-language', ...text, causal: true, attentionChannels: 4 } as const;

/** Of the facts only what differs from those of a plain model of text. */
it.each([
  [{ family: 'gmlp-language', ...text }, {}],
  [amlp, { causal: true, attentionChannels: 4 }],
  [{ family: 'bert', ...text, heads: 2 }, {}],
  [{ family: 'mixer-language', ...text, tokenHidden: 5 }, {}],
  [{ family: 'transformer', ...text, heads: 2 }, {}],
  [
    { family: 'text-features', body: amlp },
    { causal: true, attentionChannels: 4 },
  ],
  [{ family: 'extractive-span', body: { family: 'bert', ...text, heads: 2 } }, {}],
  [
    { family: 'sequence-classification', body: amlp, classes: 3 },
    { causal: true, attentionChannels: 4, classes: 3 },
  ],
  [
    { family: 'gmlp-vision', ...image },
    { layers: 3, tokens: 9, grid: 3, classes: 5 },
  ],
  [
    { family: 'vit', ...image, heads: 2, distilled: true },
    { layers: 3, tokens: 9, grid: 3, classes: 5 },
  ],
] as const)('the facts of %j', (options, facts) => {
  const { config } = createModel(options as ModelOptions) as { readonly config: ModelConfig };
  const plain = { layers: 2, tokens: 6, channels: 8, hiddenChannels: 12, causal: false, attentionChannels: 0 };
  expect(familyOf(config).facts(config)).toEqual({ ...plain, ...facts });
});
