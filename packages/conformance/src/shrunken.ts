/** Every family's configs in a size that computes in a moment; what makes a variant different stays. */
import type { ConfigOf, FamilyName, ModelConfig, ModelOptions, OptionsOf } from '@gmlp/models';

const image = { imageSize: 8, patchSize: 4, channels: 8, hiddenChannels: 16, layers: 2, head: { classes: 5 } } as const;

const text = { vocabulary: 19, tokens: 6, channels: 8, hiddenChannels: 16, layers: 2 } as const;

const shrink: { readonly [F in FamilyName]: (config: ConfigOf<F>) => OptionsOf<F> } = {
  bert: (config) => ({ ...config, ...text, heads: 2 }),
  'extractive-span': ({ body, ...config }) => ({ ...config, body: shrunkenBody(body) }),
  'gmlp-language': (config) => ({ ...config, ...text }),
  'gmlp-vision': (config) => ({ ...config, ...image }),
  'mixer-language': (config) => ({ ...config, ...text, tokenHidden: 12 }),
  'mixer-vision': (config) => ({ ...config, ...image, tokenHidden: 12 }),
  resmlp: (config) => ({ ...config, ...image }),
  'sequence-classification': ({ body, ...config }) => ({ ...config, body: shrunkenBody(body) }),
  'text-features': ({ body, ...config }) => ({ ...config, body: shrunkenBody(body) }),
  transformer: (config) => ({ ...config, ...text, heads: 2 }),
  vit: (config) => ({ ...config, ...image, heads: 2, head: { ...config.head, classes: 5 } }),
};

const shrunkenBody = (body: ConfigOf<'bert' | 'gmlp-language'>) =>
  body.family === 'bert' ? shrink.bert(body) : shrink['gmlp-language'](body);

export function shrunken(config: ModelConfig): ModelOptions {
  return (shrink[config.family] as (config: ModelConfig) => ModelOptions)(config);
}
