export type { CifarDescription } from './cifar-source.ts';
export type { HttpOptions } from './http-bytes.ts';
export type { IndexProgress } from './index-context.ts';
export { type ImageSourceDescription, type OpenImageSourceOptions, openImageSource } from './open-image-source.ts';
