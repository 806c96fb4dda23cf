/**
 * The `config.json` by which @huggingface/transformers finds out what an exported BERT is: its form is that of transformers, whose names
 * are those of the sizes. What a model of transformers cannot have (norms before the branches, a classifier without a pooler) is in the
 * ONNX file, which is what is run.
 */
import type { ConfigOf } from '@gmlp/models';

/** The models that its pipelines know. */
export type PipelineConfig = ConfigOf<'bert' | 'sequence-classification' | 'extractive-span'>;

export interface Pipeline {
  readonly architecture: string;
  /** What is asked of `pipeline`. */
  readonly task: string;
}

export const pipelines: Readonly<Record<PipelineConfig['family'], Pipeline>> = {
  bert: { architecture: 'BertForMaskedLM', task: 'fill-mask' },
  'sequence-classification': { architecture: 'BertForSequenceClassification', task: 'text-classification' },
  'extractive-span': { architecture: 'BertForQuestionAnswering', task: 'question-answering' },
};

export interface TransformersConfigOptions {
  /** Of a BERT. */
  readonly body: ConfigOf<'bert'>;
  /** Of a classifier, in the order of its outputs. */
  readonly classes?: readonly string[] | undefined;
  /** The id that fills rows up. */
  readonly padding: number;
  /** Whether parameters are in a file beside the model. */
  readonly external: boolean;
}

export function transformersConfig(
  family: PipelineConfig['family'],
  { body, classes, padding, external }: TransformersConfigOptions,
): Readonly<Record<string, unknown>> {
  return {
    model_type: 'bert',
    architectures: [pipelines[family].architecture],
    vocab_size: body.vocabulary,
    hidden_size: body.channels,
    num_hidden_layers: body.layers,
    num_attention_heads: body.heads,
    intermediate_size: body.hiddenChannels,
    max_position_embeddings: body.tokens,
    type_vocab_size: body.segments,
    layer_norm_eps: body.epsilon,
    hidden_act: body.activation === 'erf' ? 'gelu' : 'gelu_new',
    hidden_dropout_prob: body.dropout,
    attention_probs_dropout_prob: body.attentionDropout,
    pad_token_id: padding,
    ...(classes !== undefined && {
      id2label: Object.fromEntries(classes.map((name, id) => [id, name])),
      label2id: Object.fromEntries(classes.map((name, id) => [name, id])),
    }),
    // There is one file, of float32; in a browser the package would ask for one of 8 bits.
    'transformers.js_config': { dtype: 'fp32', ...(external && { use_external_data_format: true }) },
  };
}
