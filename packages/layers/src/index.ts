export type { Activation } from './activation.ts';
export { type AffineParameters, affine } from './affine.ts';
export { addBiases, causalBias, paddingBias } from './attention-bias.ts';
export { type DenseOptions, type DenseParameters, dense } from './dense.ts';
export { dropout } from './dropout.ts';
export { type Embedding, type EmbeddingOptions, type EmbeddingParameters, embedding } from './embedding.ts';
export { type GmlpBlockOptions, type GmlpBlockParameters, gmlpBlock } from './gmlp-block.ts';
export { draw, type Initialiser } from './initialisers.ts';
export { type LayerNormOptions, type LayerNormParameters, layerNorm } from './layer-norm.ts';
export { type LayerScaleOptions, type LayerScaleParameters, layerScale } from './layer-scale.ts';
export { type LinearOptions, type LinearParameters, linear } from './linear.ts';
export { loadPartly, type PartlyLoaded } from './load-partly.ts';
export { type MixerBlockOptions, type MixerBlockParameters, mixerBlock } from './mixer-block.ts';
export { type MlpOptions, type MlpParameters, mlp } from './mlp.ts';
export {
  type Context,
  inference,
  type Layer,
  type Module,
  type Parameter,
  parameter,
  type Spec,
  type TensorsOf,
} from './module.ts';
export {
  type AttentionInput,
  type MultiHeadAttentionOptions,
  type MultiHeadAttentionParameters,
  multiHeadAttention,
} from './multi-head-attention.ts';
export { countParameters, decayed, expectParameters, init, initialValues, loadStrict, toNamed } from './parameters.ts';
export { type PatchEmbeddingOptions, patchEmbedding, patchTokens } from './patch-embedding.ts';
export {
  type RelativePositionBias,
  type RelativePositionBiasOptions,
  type RelativePositionBiasParameters,
  relativePositionBias,
  relativePositionBucket,
} from './relative-position-bias.ts';
export { type ResmlpBlockOptions, type ResmlpBlockParameters, resmlpBlock } from './resmlp-block.ts';
export { sinusoidalPositions } from './sinusoidal-positions.ts';
export { type SpatialFilter, spatialFilter } from './spatial-filter.ts';
export { type SpatialForm, spatialForm } from './spatial-form.ts';
export {
  type GateForm,
  type SpatialGatingUnit,
  type SpatialGatingUnitOptions,
  type SpatialGatingUnitParameters,
  spatialGatingUnit,
} from './spatial-gating-unit.ts';
export {
  type SpatialProjectionOptions,
  type SpatialProjectionParameters,
  type SpatialWeight,
  spatialProjection,
} from './spatial-projection.ts';
export { contextOf, type SurvivalSpread, survivalProbabilities, survive } from './stochastic-depth.ts';
export { summary } from './summary.ts';
export { tiedLogits } from './tied-logits.ts';
export { type TinyAttention, type TinyAttentionOptions, type TinyAttentionParameters, tinyAttention } from './tiny-attention.ts';
export {
  type NormPlacement,
  type TransformerBlockInput,
  type TransformerBlockOptions,
  type TransformerBlockParameters,
  transformerBlock,
} from './transformer-block.ts';
export {
  type TransformerDecoderBlockInput,
  type TransformerDecoderBlockOptions,
  type TransformerDecoderBlockParameters,
  transformerDecoderBlock,
} from './transformer-decoder-block.ts';
