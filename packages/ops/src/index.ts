import '#register-gradients';
import './register-kernels.ts';

export { type AdamWOptions, type AdamWState, adamw, adamwInit } from './adamw.ts';
export { type AdamWAttributes, adamwInPlace } from './adamw-loop.ts';
export { type Clipped, clipByGlobalNorm, globalNorm } from './clip-by-global-norm.ts';
export { dense } from './dense.ts';
export { dropout, dropPath } from './dropout.ts';
export { embedding } from './embedding.ts';
export { gatherPositions } from './gather-positions.ts';
export { type GeluForm, gelu } from './gelu.ts';
export { type KeepMaskDraws, type KeepMaskWords, keepMask, keepMaskDraws, keepMaskRounds, keepMaskWords } from './keep-mask.ts';
export { layerNorm } from './layer-norm.ts';
export { scatterAdd } from './scatter-add.ts';
export { type SgdState, sgd, sgdInit } from './sgd.ts';
export { type CrossEntropy, type CrossEntropyOptions, softmaxCrossEntropy } from './softmax-cross-entropy.ts';
export { spatialProjection } from './spatial-projection.ts';
export { toeplitz } from './toeplitz.ts';
