export { type AugmentPolicy, augmented, augmentPolicy } from './augment/augment-policy.ts';
export { colorJitter } from './augment/color-jitter.ts';
export { drawnMix, type Mix, type MixOptions, mixedLabels, mixPictures } from './augment/mixup.ts';
export { eraseRandomly, type RandomErasing } from './augment/random-erasing.ts';
export { type RandomResizedCrop, randomBox } from './augment/random-resized-crop.ts';
export { type BadSample, type BadSampleReason, badSampleOf, type OnBadSample } from './bad-samples.ts';
export { parseClassList, withNames } from './class-list.ts';
export {
  type EpochPosition,
  epochOrder,
  type Ordered,
  type OrderedSample,
  type SamplesInOrderOptions,
  samplesInOrder,
} from './epoch-order.ts';
export { expandBraces } from './expand-braces.ts';
export { hasImageName, imageKind } from './image-kind.ts';
export type {
  EncodedImage,
  ImageClass,
  ImageEncoding,
  ImageFileKind,
  ImageSource,
  ReadImageOptions,
  SampleOrigin,
  UnlabelledImage,
} from './image-source.ts';
export { type ImagesInOrder, type ImagesInOrderOptions, imagesInOrder, type ReadImage } from './images-in-order.ts';
export { type Box, centerBox, crop } from './pixels/crop.ts';
export { flip } from './pixels/flip.ts';
export { type Pixels, pixels } from './pixels/pixels.ts';
export { type Interpolation, type ResamplingShares, resamplingShares } from './pixels/resampling.ts';
export { type ResizeOptions, resize, shorterSide } from './pixels/resize.ts';
export { centerCropped, type EvaluationTransform, evaluationValues } from './transform/evaluation-transform.ts';
export {
  type Channels,
  imagenetNormalisation,
  inceptionNormalisation,
  type Normalisation,
  normalised,
} from './transform/normalised.ts';
export { formatPreprocessing, type ImagePreprocessing, parsePreprocessing } from './transform/preprocessing.ts';
export { type SampleNumber, type TrainingTransform, trainingTransform } from './transform/training-transform.ts';
