import '#register-gradients';

export { dense } from './dense.ts';
export { embedding } from './embedding.ts';
export { gatherPositions } from './gather-positions.ts';
export { type GeluForm, gelu } from './gelu.ts';
export { layerNorm } from './layer-norm.ts';
export { scatterAdd } from './scatter-add.ts';
export { type CrossEntropy, type CrossEntropyOptions, softmaxCrossEntropy } from './softmax-cross-entropy.ts';
export { spatialProjection } from './spatial-projection.ts';
export { toeplitz } from './toeplitz.ts';
