/** The models that the page trains: small enough for one thread of WebAssembly, otherwise as the quickstart's. */
import type { OptionsOf } from '@gmlp/models';

export type ModelKind = 'gmlp' | 'amlp' | 'bert' | 'mixer';

export interface ModelChoice {
  readonly name: string;
  readonly description: string;
  options(vocabulary: number): OptionsOf<'gmlp-language'> | OptionsOf<'bert'> | OptionsOf<'mixer-language'>;
}

/** The learning rate after the warm-up. */
export const peakRates = { 'gmlp-language': 4e-3, bert: 1e-3, 'mixer-language': 2e-3 } as const;

const sizes = { tokens: 64, channels: 128, hiddenChannels: 512, layers: 3 } as const;
const head = { tied: true, transform: false, bias: true } as const;

export const modelKinds: Readonly<Record<ModelKind, ModelChoice>> = {
  gmlp: {
    name: 'gMLP',
    description: 'tokens are mixed by one learned filter a block',
    options: (vocabulary) => ({ family: 'gmlp-language', ...sizes, vocabulary, head }),
  },
  amlp: {
    name: 'aMLP',
    description: 'the same with a tiny attention beside each filter',
    options: (vocabulary) => ({ family: 'gmlp-language', ...sizes, vocabulary, attentionChannels: 32, head }),
  },
  bert: {
    name: 'BERT',
    description: 'a Transformer: attention with four heads, no filters',
    options: (vocabulary) => ({ family: 'bert', ...sizes, vocabulary, heads: 4, head }),
  },
  mixer: {
    name: 'MLP-Mixer',
    description: 'two layers over the tokens in the place of a filter',
    options: (vocabulary) => ({ family: 'mixer-language', ...sizes, vocabulary, tokenHidden: 64, head }),
  },
};
