export type { HttpOptions } from '@gmlp/base/node';
export type { CifarDescription } from './cifar-source.ts';
export { type ContactSheetOptions, contactSheet, type SheetRow } from './contact-sheet.ts';
export { type DecodeOptions, decodeImage, loadSharp } from './decode-image.ts';
export { describeImages } from './describe-images.ts';
export { type ImageBatch, type ImageBatchesOptions, imageBatches, missingLabel } from './image-batches.ts';
export { type ImagePool, type ImagePoolOptions, openImagePool } from './image-pool.ts';
export type { ImageTransform } from './image-work.ts';
export type { IndexProgress } from './index-context.ts';
export { type InspectedImages, type InspectImagesOptions, inspectImages, type SizeRange } from './inspect-images.ts';
export {
  type DescribedArchive,
  type DescribedClasses,
  type ImageSourceDescription,
  type OpenImageSourceOptions,
  openImageSource,
} from './open-image-source.ts';
export { readImageBytes, readImageFile } from './read-image-file.ts';
