/**
 * Hugging Face's names for BERT, both ways: `BertForMaskedLM`, `BertForSequenceClassification`, `BertForQuestionAnswering`,
 * and `BertModel`, the body alone, whose names lack the `bert.` in front. Checked with transformers 5.18.0. Of a `BertForPreTraining`
 * the scores of next sentence prediction, for which there is no head here, are passed over.
 */
import { GmlpError, type HostArray, type MapLeaves } from '@gmlp/base';
import type { Module, Parameter, Spec } from '@gmlp/layers';
import { expectFamily } from '../expect-family.ts';
import type { ConfigOf } from '../families.ts';
import { type NameMap, type NameRule, readWeights, writeWeights } from './name-map.ts';

/** Configs of models that have a BERT for a body. */
export type HuggingFaceBertConfig = ConfigOf<'bert' | 'sequence-classification' | 'extractive-span' | 'text-features'>;

const linear = (theirs: string, ours: string): NameRule[] => [
  { theirs: `${theirs}.weight`, ours: `${ours}.weight`, change: 'transpose' },
  { theirs: `${theirs}.bias`, ours: `${ours}.bias` },
];

const norm = (theirs: string, ours: string): NameRule[] => [
  { theirs: `${theirs}.weight`, ours: `${ours}.scale` },
  { theirs: `${theirs}.bias`, ours: `${ours}.offset` },
];

const block = 'blocks.#';

/** All but the table of the pieces, whose other name depends on the head. */
function bodyRules(inFront: '' | 'bert.'): NameRule[] {
  const [embeddings, layer] = [`${inFront}embeddings`, `${inFront}encoder.layer.#`];
  return [
    { theirs: `${embeddings}.position_embeddings.weight`, ours: 'positions.weight' },
    { theirs: `${embeddings}.token_type_embeddings.weight`, ours: 'segments.weight' },
    ...norm(`${embeddings}.LayerNorm`, 'embeddingNorm'),
    ...linear(`${layer}.attention.self.query`, `${block}.attention.query`),
    ...linear(`${layer}.attention.self.key`, `${block}.attention.key`),
    ...linear(`${layer}.attention.self.value`, `${block}.attention.value`),
    ...linear(`${layer}.attention.output.dense`, `${block}.attention.output`),
    ...norm(`${layer}.attention.output.LayerNorm`, `${block}.attentionNorm`),
    ...linear(`${layer}.intermediate.dense`, `${block}.mlp.expand`),
    ...linear(`${layer}.output.dense`, `${block}.mlp.contract`),
    ...norm(`${layer}.output.LayerNorm`, `${block}.mlpNorm`),
    ...linear(`${inFront}pooler.dense`, 'pooler'),
  ];
}

const tableIn = (inFront: '' | 'bert.') =>
  ({ theirs: `${inFront}embeddings.word_embeddings.weight`, ours: 'embedding.weight' }) as const;
const table = tableIn('bert.');
const decoder = 'cls.predictions.decoder';

const heads: { readonly [F in HuggingFaceBertConfig['family']]: (config: HuggingFaceBertConfig) => NameRule[] } = {
  bert: (config) => [
    ...((config as ConfigOf<'bert'>).head.tied
      ? [{ ...table, aliases: [`${decoder}.weight`] }]
      : [table, { theirs: `${decoder}.weight`, ours: 'head.weight', change: 'transpose' } as const]),
    ...linear('cls.predictions.transform.dense', 'head.transform.dense'),
    ...norm('cls.predictions.transform.LayerNorm', 'head.transform.norm'),
    { theirs: 'cls.predictions.bias', ours: 'head.bias', aliases: [`${decoder}.bias`] },
  ],
  'sequence-classification': () => [table, ...linear('classifier', 'head')],
  'extractive-span': () => [table, ...linear('qa_outputs', 'head')],
  'text-features': () => [tableIn('')],
};

/** Hugging Face's names for the parameters of a config. A BERT that is not theirs (norms first, relative positions) has none. */
export function huggingFaceBertNames(config: HuggingFaceBertConfig): NameMap {
  expectFamily('huggingFaceBertNames', config, Object.keys(heads));
  const inner = config.family === 'bert' ? config : config.body;
  if (inner.family !== 'bert' || inner.positions !== 'absolute' || inner.normPlacement !== 'post') {
    const got = inner.family === 'bert' ? `${inner.positions} positions and norms "${inner.normPlacement}"` : `a ${inner.family}`;
    throw new GmlpError(
      'invalid-argument',
      `huggingFaceBertNames: BERT of Hugging Face has absolute positions and norms "post", got ${got}; save it as a gmlp model`,
      { family: inner.family },
    );
  }
  const inFront = config.family === 'text-features' ? '' : 'bert.';
  return {
    source: 'Hugging Face’s BERT',
    rules: [...heads[config.family](config), ...bodyRules(inFront)],
    // The positions 0, 1, 2, ...: a buffer that older versions of transformers saved.
    ignored: [`${inFront}embeddings.position_ids`, 'cls.seq_relationship.weight', 'cls.seq_relationship.bias'],
  };
}

/** A model with the config that it was made from. */
export interface HuggingFaceBertModel<P, X> {
  readonly config: HuggingFaceBertConfig;
  readonly module: Module<P, X>;
}

/** A `state_dict` of Hugging Face as parameters of our model. What is missing, unexpected or misshapen is listed, by their names. */
export function readHuggingFaceBert<P, X>(
  { config, module }: HuggingFaceBertModel<P, X>,
  weights: ReadonlyMap<string, HostArray>,
): MapLeaves<Spec<P>, Parameter, HostArray> {
  const named = new Map([...weights].map(([name, array]) => [newName(name), array]));
  // transformers 5 unties the biases with the matrices: both are saved, and the decoder's is the one in use.
  const untied = config.family === 'bert' && !config.head.tied;
  if (untied && named.has(`${decoder}.bias`)) named.delete('cls.predictions.bias');
  return readWeights(huggingFaceBertNames(config), module.spec, named);
}

/** Parameters as Hugging Face's `state_dict`. */
export function writeHuggingFaceBert(config: HuggingFaceBertConfig, params: unknown): Map<string, HostArray> {
  return writeWeights(huggingFaceBertNames(config), params);
}

/** The first BERTs, converted from TensorFlow, have its names for norms. */
function newName(name: string): string {
  return name.replace(/\.LayerNorm\.gamma$/, '.LayerNorm.weight').replace(/\.LayerNorm\.beta$/, '.LayerNorm.bias');
}
