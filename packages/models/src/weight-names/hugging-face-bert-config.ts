/** The config of a BERT that was published with Hugging Face's transformers, from the `config.json` beside its weights. */
import { GmlpError } from '@gmlp/base';
import * as z from 'zod/mini';
import { count } from '../config-fields.ts';
import type { OptionsOf } from '../families.ts';
import { parseConfig, shown } from '../parse-config.ts';
import type { HuggingFaceBertConfig } from './hugging-face-bert.ts';

const rate = z._default(z.number(), 0.1);

/** What matters to us, with the defaults of transformers; the rest may be anything. */
const schema = z.looseObject({
  architectures: z.optional(z.nullable(z.array(z.string()).check(z.maxLength(1)))),
  vocab_size: z._default(count, 30_522),
  hidden_size: z._default(count, 768),
  num_hidden_layers: z._default(count, 12),
  num_attention_heads: z._default(count, 12),
  intermediate_size: z._default(count, 3072),
  max_position_embeddings: z._default(count, 512),
  type_vocab_size: z._default(z.int().check(z.nonnegative()), 2),
  layer_norm_eps: z._default(z.number(), 1e-12),
  hidden_act: z._default(z.enum(['gelu', 'gelu_new', 'gelu_pytorch_tanh']), 'gelu'),
  position_embedding_type: z._default(z.literal('absolute'), 'absolute'),
  is_decoder: z._default(z.literal(false), false),
  tie_word_embeddings: z._default(z.boolean(), true),
  hidden_dropout_prob: rate,
  attention_probs_dropout_prob: rate,
  classifier_dropout: z.optional(z.nullable(z.number())),
  num_labels: z.optional(count),
  id2label: z.optional(z.record(z.string(), z.unknown())),
});

export type HuggingFaceBertOptions = OptionsOf<HuggingFaceBertConfig['family']>;

/** What weights tell of their model and its config does not, or need not. */
export interface ToldByWeights {
  /** Whether they have a pooler. */
  readonly pooler: boolean;
  /** Whose names they have, for a config without `architectures`: `huggingFaceBertArchitecture` says. */
  readonly architecture?: string | undefined;
}

export function huggingFaceBertOptions(config: unknown, { pooler, architecture: told }: ToldByWeights): HuggingFaceBertOptions {
  const given = parseConfig('huggingFaceBertOptions', schema, config);
  const architecture = given.architectures?.[0] ?? told;
  const body: OptionsOf<'bert'> = {
    family: 'bert',
    vocabulary: given.vocab_size,
    tokens: given.max_position_embeddings,
    channels: given.hidden_size,
    hiddenChannels: given.intermediate_size,
    heads: given.num_attention_heads,
    layers: given.num_hidden_layers,
    segments: given.type_vocab_size,
    pooler,
    activation: given.hidden_act === 'gelu' ? 'erf' : 'tanh',
    epsilon: given.layer_norm_eps,
    dropout: given.hidden_dropout_prob,
    attentionDropout: given.attention_probs_dropout_prob,
    head: { tied: given.tie_word_embeddings, transform: true, bias: true },
  };
  switch (architecture) {
    case 'BertForMaskedLM':
    case 'BertForPreTraining':
      return body;
    case 'BertForSequenceClassification':
      return {
        family: 'sequence-classification',
        body,
        classes: given.num_labels ?? (Object.keys(given.id2label ?? {}).length || 2),
        dropout: given.classifier_dropout ?? given.hidden_dropout_prob,
      };
    case 'BertForQuestionAnswering':
      return { family: 'extractive-span', body };
    case 'BertModel':
      return { family: 'text-features', body };
    default: {
      const known = [
        'BertModel',
        'BertForMaskedLM',
        'BertForPreTraining',
        'BertForSequenceClassification',
        'BertForQuestionAnswering',
      ];
      if (architecture === undefined) {
        throw new GmlpError(
          'invalid-config',
          `huggingFaceBertOptions: the config has no "architectures", and the names of the weights are not those of one model; write one of ${known.join(', ')} there, as ["BertModel"]`,
          { known },
        );
      }
      throw new GmlpError(
        'not-found',
        `huggingFaceBertOptions: there is no model for the architecture ${shown(architecture)}\n  known: ${known.join(', ')}`,
        { architecture, known },
      );
    }
  }
}

/** Whose `state_dict` has such names; undefined where it may be several's or none's. */
export function huggingFaceBertArchitecture(names: Iterable<string>): string | undefined {
  const all = [...names];
  const has = (prefix: string): boolean => all.some((name) => name.startsWith(prefix));
  if (has('embeddings.')) return has('bert.') ? undefined : 'BertModel';
  const heads = [
    has('cls.predictions.') && 'BertForMaskedLM',
    has('qa_outputs.') && 'BertForQuestionAnswering',
    // A classifier of tokens has no pooler.
    has('classifier.') && has('bert.pooler.') && 'BertForSequenceClassification',
  ].filter((head) => head !== false);
  return has('bert.embeddings.') && heads.length === 1 ? heads[0] : undefined;
}
