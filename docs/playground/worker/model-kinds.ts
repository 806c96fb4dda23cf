/** The models that the page trains: small enough for one thread of WebAssembly, otherwise as the quickstart's. */
import type { OptionsOf } from '@gmlp/models';

export type ModelKind = 'gmlp' | 'amlp' | 'bert' | 'mixer' | 'causal';

export interface ModelChoice {
  readonly name: string;
  readonly description: string;
  options(vocabulary: number): OptionsOf<'gmlp-language'> | OptionsOf<'bert'> | OptionsOf<'mixer-language'>;
}

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
  causal: {
    name: 'Causal gMLP',
    description: 'no token sees a later one: it learns what comes next, and goes on with a text',
    options: (vocabulary) => ({ family: 'gmlp-language', ...sizes, vocabulary, causal: true, head }),
  },
};
