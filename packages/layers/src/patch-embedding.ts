/**
 * Patches of an image as tokens: an image is cut into squares of patchSize x patchSize, each mapped to a vector.
 *
 *   image [batch, height, width, inputChannels] -> [batch, tokens, channels],   tokens = (height / p) (width / p), row by row
 *   y = patch W + b,   W [p p inputChannels, channels]: pixels of a patch row by row, the channels of a pixel together
 *
 * The same numbers as a convolution of kernel p and stride p, as reshape, transpose and one product: TF.js wasm has no
 * gradient for a convolution's filter. Dosovitskiy and others, 2021, section 3.1.
 */
import { GmlpError } from '@gmlp/base';
import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { type DenseParameters, dense } from './dense.ts';
import type { Layer } from './module.ts';

export interface PatchEmbeddingOptions {
  /** Height and width of the image, in pixels. */
  readonly imageSize: number;
  readonly patchSize: number;
  /** Of a pixel: 3 for red, green and blue. */
  readonly inputChannels?: number;
  readonly channels: number;
}

/** How many patches an image has. */
export function patchTokens({ imageSize, patchSize }: Pick<PatchEmbeddingOptions, 'imageSize' | 'patchSize'>): number {
  const side = imageSize / patchSize;
  if (!Number.isInteger(side) || side < 1) {
    throw new GmlpError(
      'invalid-argument',
      `patchEmbedding: patches of ${patchSize} pixels do not fill an image of ${imageSize}; use a size that is a multiple`,
      { imageSize, patchSize },
    );
  }
  return side * side;
}

export function patchEmbedding({
  imageSize,
  patchSize,
  inputChannels = 3,
  channels,
}: PatchEmbeddingOptions): Layer<DenseParameters> {
  const tokens = patchTokens({ imageSize, patchSize });
  const side = imageSize / patchSize;
  const inputs = patchSize * patchSize * inputChannels;
  // Vectors of the variance of a pixel (LeCun and others, 1998); 0.8796 is what truncation leaves of a deviation of 1.
  const project = dense({
    inputs,
    outputs: channels,
    initialiser: { kind: 'truncated-normal', deviation: inputs ** -0.5 / 0.8796 },
  });
  return {
    spec: project.spec,
    apply(params, image) {
      expectImage(image, [imageSize, imageSize, inputChannels]);
      const batch = image.shape[0]!;
      // Whole rows of pixels stay together up to the transpose, so that four axes do.
      const rows = tf.reshape(image, [batch * side, patchSize, side, patchSize * inputChannels]);
      const patches = tf.reshape(tf.transpose(rows, [0, 2, 1, 3]), [batch, tokens, inputs]);
      return project.apply(params, patches);
    },
  };
}

function expectImage(image: Tensor, expected: readonly [height: number, width: number, channels: number]): void {
  const [height, width, channels] = expected;
  const fits = image.rank === 4 && expected.every((extent, axis) => image.shape[axis + 1] === extent);
  if (fits && image.dtype === 'float32') return;
  const [, h, w] = image.shape;
  const advice =
    image.rank === 4 && image.shape[1] === channels && image.shape[3] !== channels
      ? 'channels come last here: transpose [0, 2, 3, 1]'
      : `resize or crop images to ${height} x ${width}, or create the model with imageSize: ${h === w && h !== undefined ? h : '…'}`;
  throw new GmlpError(
    'shape-mismatch',
    `patchEmbedding: expected images float32 [batch, ${expected.join(', ')}] (height, width, channels), ` +
      `got ${image.dtype} [${image.shape.join(', ')}]; ${advice}`,
    { expected, shape: image.shape, dtype: image.dtype },
  );
}
