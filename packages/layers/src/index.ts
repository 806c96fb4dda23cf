export { type DenseOptions, type DenseParameters, dense } from './dense.ts';
export { type Embedding, type EmbeddingOptions, type EmbeddingParameters, embedding } from './embedding.ts';
export { type GmlpBlockOptions, type GmlpBlockParameters, gmlpBlock } from './gmlp-block.ts';
export { draw, type Initialiser } from './initialisers.ts';
export { type LayerNormOptions, type LayerNormParameters, layerNorm } from './layer-norm.ts';
export {
  type Context,
  inference,
  type Layer,
  type Module,
  type Parameter,
  type ParametersOf,
  parameter,
  type Spec,
} from './module.ts';
export { countParameters, decayed, init, initialValues, loadStrict, toNamed } from './parameters.ts';
export {
  type GateForm,
  gatedChannels,
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
export { summary } from './summary.ts';
export { tiedLogits } from './tied-logits.ts';
