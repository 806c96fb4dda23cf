import { GmlpError } from '@gmlp/base';
import type { Pixels } from './pixels.ts';

/** A part of a picture, in pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** A copy of the box. What lies outside of the picture is black, as in torchvision's `CenterCrop` of a small picture. */
export function crop({ width, height, data }: Pixels, box: Box): Pixels {
  if (![box.left, box.top, box.width, box.height].every(Number.isInteger) || box.width < 1 || box.height < 1) {
    const { left, top } = box;
    throw new GmlpError(
      'invalid-argument',
      `crop: expected a box of whole pixels, got ${box.width} x ${box.height} at ${left}, ${top}`,
      { ...box },
    );
  }
  const cropped = new Uint8Array(box.width * box.height * 3);
  const from = Math.max(0, box.left);
  const to = Math.min(width, box.left + box.width);
  if (from < to) {
    for (let y = Math.max(0, box.top); y < Math.min(height, box.top + box.height); y++) {
      const row = data.subarray((y * width + from) * 3, (y * width + to) * 3);
      cropped.set(row, ((y - box.top) * box.width + from - box.left) * 3);
    }
  }
  return { width: box.width, height: box.height, data: cropped };
}

/** The box of this size in the middle, rounded to even as Python rounds: torchvision's `CenterCrop`. */
export function centerBox({ width, height }: Pick<Pixels, 'width' | 'height'>, size: Pick<Box, 'width' | 'height'>): Box {
  return { ...size, left: roundHalfToEven((width - size.width) / 2), top: roundHalfToEven((height - size.height) / 2) };
}

/** Rounds as Python's `round`: a half to the even number. */
export function roundHalfToEven(value: number): number {
  const below = Math.floor(value);
  const above = value - below;
  if (above !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}
