/**
 * Resizing as Pillow does it (`Image.resize`), to the bit: a filter as wide as the scale asks for, so that what is made smaller is
 * smoothed, in weights of 22 binary places, first along the rows, then along the columns, with bytes between.
 */
import { GmlpError } from '@gmlp/base';
import type { Box } from './crop.ts';
import type { Pixels } from './pixels.ts';

export type Interpolation = 'bicubic' | 'bilinear';

const filters: Readonly<Record<Interpolation, { readonly support: number; weight(x: number): number }>> = {
  bilinear: { support: 1, weight: (x) => Math.max(0, 1 - Math.abs(x)) },
  // Keys (1981) with a = -0.5.
  bicubic: {
    support: 2,
    weight(x) {
      const a = -0.5;
      const d = Math.abs(x);
      if (d < 1) return ((a + 2) * d - (a + 3)) * d * d + 1;
      if (d < 2) return (((d - 5) * d + 8) * d - 4) * a;
      return 0;
    },
  },
};

const binaryPlaces = 22;
const half = 1 << (binaryPlaces - 1);

/** For each place of the result: where its window begins, how long it is, and its weights, `span` apart. */
interface Windows {
  readonly first: Int32Array;
  readonly length: Int32Array;
  readonly weights: Int32Array;
  readonly span: number;
}

/** Of `count` places of the result from place `skipped` on. */
function windowsOf(from: number, to: number, interpolation: Interpolation, skipped: number, count: number): Windows {
  const { support, weight } = filters[interpolation];
  const scale = from / to;
  const stretch = Math.max(1, scale);
  const reach = support * stretch;
  const span = Math.ceil(reach) * 2 + 1;
  const first = new Int32Array(count);
  const length = new Int32Array(count);
  const weights = new Int32Array(count * span);
  const shares = new Float64Array(span);
  for (let place = 0; place < count; place++) {
    const center = (skipped + place + 0.5) * scale;
    const begin = Math.max(0, Math.trunc(center - reach + 0.5));
    const end = Math.min(from, Math.trunc(center + reach + 0.5));
    let sum = 0;
    for (let i = begin; i < end; i++) {
      const share = weight((i - center + 0.5) * (1 / stretch));
      shares[i - begin] = share;
      sum += share;
    }
    first[place] = begin;
    length[place] = end - begin;
    for (let i = 0; i < end - begin; i++) {
      const share = sum === 0 ? shares[i]! : shares[i]! / sum;
      weights[place * span + i] = Math.trunc(share * (1 << binaryPlaces) + (share < 0 ? -0.5 : 0.5));
    }
  }
  return { first, length, weights, span };
}

const clipped = (sum: number): number => {
  const value = sum >> binaryPlaces;
  return Math.max(0, Math.min(255, value));
};

export interface ResizeOptions {
  /** `bicubic` by default. */
  readonly interpolation?: Interpolation | undefined;
  /** A part of the picture, cut out first: nothing beyond its edges is mixed in. All of it by default. */
  readonly box?: Box | undefined;
  /** A part of the result: no other is computed. All of it by default. */
  readonly kept?: Box | undefined;
}

/** The picture as one of this size. */
export function resize(
  picture: Pixels,
  size: Pick<Pixels, 'width' | 'height'>,
  { interpolation = 'bicubic', box = wholeOf(picture), kept = wholeOf(size) }: ResizeOptions = {},
): Pixels {
  const { width, height } = size;
  if (!(Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0)) {
    throw new GmlpError('invalid-argument', `resize: expected a size in whole pixels, got ${width} x ${height}`, {
      width,
      height,
    });
  }
  expectInside(box, picture, 'the picture');
  expectInside(kept, size, 'the result');
  const columns = windowsOf(box.width, width, interpolation, kept.left, kept.width);
  const rows = windowsOf(box.height, height, interpolation, kept.top, kept.height);
  // Only the lines that some place of the result is made of.
  const above = rows.first[0]!;
  const below = rows.first[kept.height - 1]! + rows.length[kept.height - 1]!;
  const lines = { ...box, top: box.top + above, height: below - above };
  const narrowed = alongRows(picture, lines, kept.width, columns);
  return { width: kept.width, height: kept.height, data: alongColumns(narrowed, kept.width, kept.height, rows, above) };
}

const wholeOf = ({ width, height }: Pick<Pixels, 'width' | 'height'>): Box => ({ left: 0, top: 0, width, height });

function expectInside(box: Box, { width, height }: Pick<Pixels, 'width' | 'height'>, what: string): void {
  const { left, top } = box;
  const whole = [left, top, box.width, box.height].every(Number.isInteger);
  if (
    whole &&
    left >= 0 &&
    top >= 0 &&
    box.width > 0 &&
    box.height > 0 &&
    left + box.width <= width &&
    top + box.height <= height
  ) {
    return;
  }
  throw new GmlpError(
    'invalid-argument',
    `resize: expected a box inside ${what} of ${width} x ${height}, got ${box.width} x ${box.height} at ${left}, ${top}`,
    { ...box },
  );
}

/** `[box.height, width, 3]` */
function alongRows({ width: stride, data }: Pixels, box: Box, width: number, windows: Windows): Uint8Array {
  const { first, length, weights, span } = windows;
  const result = new Uint8Array(box.height * width * 3);
  for (let y = 0; y < box.height; y++) {
    const row = ((box.top + y) * stride + box.left) * 3;
    for (let x = 0, to = y * width * 3; x < width; x++, to += 3) {
      let red = half;
      let green = half;
      let blue = half;
      let at = row + first[x]! * 3;
      const begin = x * span;
      const end = begin + length[x]!;
      for (let i = begin; i < end; i++, at += 3) {
        const weight = weights[i]!;
        red = (red + Math.imul(data[at]!, weight)) | 0;
        green = (green + Math.imul(data[at + 1]!, weight)) | 0;
        blue = (blue + Math.imul(data[at + 2]!, weight)) | 0;
      }
      result[to] = clipped(red);
      result[to + 1] = clipped(green);
      result[to + 2] = clipped(blue);
    }
  }
  return result;
}

/** `[height, width, 3]` of lines that begin with line `above` of the box. */
function alongColumns(data: Uint8Array, width: number, height: number, windows: Windows, above: number): Uint8Array {
  const { first, length, weights, span } = windows;
  const line = width * 3;
  const result = new Uint8Array(height * line);
  for (let y = 0; y < height; y++) {
    const from = (first[y]! - above) * line;
    const begin = y * span;
    const end = begin + length[y]!;
    for (let x = 0; x < line; x++) {
      let sum = half;
      for (let i = begin, at = from + x; i < end; i++, at += line) sum = (sum + Math.imul(data[at]!, weights[i]!)) | 0;
      result[y * line + x] = clipped(sum);
    }
  }
  return result;
}

/** The size at which the shorter side is this long, and the longer one keeps its share, cut to whole pixels: torchvision's `Resize`. */
export function shorterSide({ width, height }: Pick<Pixels, 'width' | 'height'>, size: number): Pick<Pixels, 'width' | 'height'> {
  return width <= height
    ? { width: size, height: Math.trunc((size * height) / width) }
    : { width: Math.trunc((size * width) / height), height: size };
}
