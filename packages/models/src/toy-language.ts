/**
 * A family as a stranger would add it: each token is told the mean of all, and nothing else of the others. Only tests use it.
 *
 *   ids int32 [batch, tokens] -> [batch, tokens, channels]
 */
import { type DenseParameters, dense, type Module } from '@gmlp/layers';
import { gelu } from '@gmlp/ops';
import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import * as z from 'zod/mini';
import type { Complete, Family, Schema } from './family.ts';
import { type LanguageOptions, languageFields } from './language-config.ts';
import { type MaskedLanguageModel, maskedLanguageFamily } from './masked-language.ts';
import { readingIds, textInputs } from './text-input.ts';
import { type TokenStackParameters, tokenStack } from './token-stack.ts';

export interface ToyLanguageOptions extends LanguageOptions {
  readonly family: 'toy-language';
}

type BlockParameters = { readonly expand: DenseParameters; readonly contract: DenseParameters };

const schema: Schema<ToyLanguageOptions> = z.strictObject({ family: z.literal('toy-language'), ...languageFields(1e-6, {}) });

/** x + contract(gelu(expand(x + mean of the tokens))) */
function meanBlock({ channels, hiddenChannels }: Complete<LanguageOptions>): Module<BlockParameters> {
  const expand = dense({ inputs: channels, outputs: hiddenChannels });
  const contract = dense({ inputs: hiddenChannels, outputs: channels });
  return {
    spec: { expand: expand.spec, contract: contract.spec },
    apply(params, x) {
      const told = tf.add(x, tf.mean(x, 1, true)) as Tensor;
      return tf.add(x, contract.apply(params.contract, gelu(expand.apply(params.expand, told))));
    },
  };
}

export const toyLanguageFamily: Family<
  ToyLanguageOptions,
  MaskedLanguageModel<TokenStackParameters<BlockParameters>>
> = maskedLanguageFamily(schema, (config) => readingIds(tokenStack('toyLanguage', config, meanBlock(config))), textInputs);
