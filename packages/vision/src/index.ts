export { type BadSample, type BadSampleReason, badSampleOf, type OnBadSample } from './bad-samples.ts';
export { parseClassList } from './class-list.ts';
export {
  type EpochPosition,
  epochOrder,
  type Ordered,
  type OrderedSample,
  type SamplesInOrderOptions,
  samplesInOrder,
} from './epoch-order.ts';
export { expandBraces } from './expand-braces.ts';
export { imageKind } from './image-kind.ts';
export type {
  EncodedImage,
  ImageClass,
  ImageEncoding,
  ImageFileKind,
  ImageSource,
  ReadImageOptions,
  SampleOrigin,
} from './image-source.ts';
export { type ImagesInOrder, type ImagesInOrderOptions, imagesInOrder, type ReadImage } from './images-in-order.ts';
