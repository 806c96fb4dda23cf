/** Files of pictures as upright pixels, by `sharp`. */
import { GmlpError } from '@gmlp/base';
import type { UnlabelledImage } from '../image-source.ts';
import { type Pixels, pixels } from '../pixels/pixels.ts';

export interface DecodeOptions {
  /** A picture of more pixels is refused before it is decoded; 2^26, some 67 million, by default. */
  readonly maximumPixels?: number | undefined;
}

type Sharp = typeof import('sharp').default;

/** Loads `sharp`, which is installed apart: whoever only reads archives needs none. */
export async function loadSharp(): Promise<Sharp> {
  let loaded: { readonly default: Sharp };
  try {
    loaded = await import('sharp');
  } catch (cause) {
    throw new GmlpError('not-found', 'decodeImage: sharp is not installed; npm install sharp', {}, { cause });
  }
  const sharp = loaded.default;
  // Samples are spread over threads already, and none is read twice.
  sharp.concurrency(1);
  sharp.cache(false);
  return sharp;
}

/**
 * A picture as 8-bit RGB, turned upright by its EXIF: grayscale, palettes, CMYK and 16 bits are converted, alpha is dropped. As in Pillow
 * no color profile changes the values. What is cut short or damaged is an error of code `invalid-data`.
 */
export async function decodeImage(
  { bytes, encoding, from }: UnlabelledImage,
  sharp: Sharp,
  { maximumPixels = 2 ** 26 }: DecodeOptions = {},
): Promise<Pixels> {
  if (encoding.kind === 'rgb') return pixels(encoding.width, encoding.height, bytes);
  try {
    const { data, info } = await sharp(bytes, {
      limitInputPixels: maximumPixels,
      failOn: 'truncated',
      sequentialRead: true,
      ignoreIcc: true,
    })
      .rotate()
      .toColourspace('srgb')
      .removeAlpha()
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    return pixels(info.width, info.height, new Uint8Array(data.buffer, data.byteOffset, data.length));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
    const named = from.key === '' ? '' : `, ${from.key}`;
    throw new GmlpError(
      'invalid-data',
      `decodeImage: ${from.file}, byte ${from.offset}${named}: damaged (${reason})`,
      { ...from, reason: 'damaged', detail: reason },
      { cause },
    );
  }
}
