import { GmlpError } from '@gmlp/base';

/** An upright picture: 8-bit RGB, `[height, width, 3]`. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** A picture of these bytes, `height * width * 3` of them. */
export function pixels(width: number, height: number, data: Uint8Array): Pixels {
  if (!(Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0 && data.length === width * height * 3)) {
    throw new GmlpError(
      'shape-mismatch',
      `pixels: a picture of ${width} x ${height} has ${width * height * 3} bytes of RGB, got ${data.length}`,
      { width, height, bytes: data.length },
    );
  }
  return { width, height, data };
}

/** A value as a byte: cut off, not rounded, as C converts. */
export const toByte = (value: number): number => (value <= 0 ? 0 : value >= 255 ? 255 : value | 0);
