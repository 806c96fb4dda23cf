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

/** `[box.height, width, 3]`; two lines at a time, which share the weights: twice as fast as one. A clamped array cuts what leaves 0 to 255. */
function alongRows({ width: stride, data }: Pixels, box: Box, width: number, windows: Windows): Uint8Array {
  const { first, length, weights, span } = windows;
  const result = new Uint8ClampedArray(box.height * width * 3);
  for (let y = 0; y < box.height; y += 2) {
    // Of an odd number of lines the last is its own neighbour.
    const next = Math.min(1, box.height - 1 - y);
    const row = ((box.top + y) * stride + box.left) * 3;
    const below = next * stride * 3;
    const toBelow = next * width * 3;
    for (let x = 0, to = y * width * 3; x < width; x++, to += 3) {
      let [red, green, blue] = [half, half, half];
      let [redBelow, greenBelow, blueBelow] = [half, half, half];
      let at = row + first[x]! * 3;
      const begin = x * span;
      const end = begin + length[x]!;
      for (let i = begin; i < end; i++, at += 3) {
        const weight = weights[i]!;
        const atBelow = at + below;
        red = (red + Math.imul(data[at]!, weight)) | 0;
        green = (green + Math.imul(data[at + 1]!, weight)) | 0;
        blue = (blue + Math.imul(data[at + 2]!, weight)) | 0;
        redBelow = (redBelow + Math.imul(data[atBelow]!, weight)) | 0;
        greenBelow = (greenBelow + Math.imul(data[atBelow + 1]!, weight)) | 0;
        blueBelow = (blueBelow + Math.imul(data[atBelow + 2]!, weight)) | 0;
      }
      result[to] = red >> binaryPlaces;
      result[to + 1] = green >> binaryPlaces;
      result[to + 2] = blue >> binaryPlaces;
      result[to + toBelow] = redBelow >> binaryPlaces;
      result[to + toBelow + 1] = greenBelow >> binaryPlaces;
      result[to + toBelow + 2] = blueBelow >> binaryPlaces;
    }
  }
  return bytesOf(result);
}

/** `[height, width, 3]` of lines that begin with line `above` of the box; the first four of a window at once: twice as fast as each alone. */
function alongColumns(data: Uint8Array, width: number, height: number, windows: Windows, above: number): Uint8Array {
  const { first, length, weights, span } = windows;
  const line = width * 3;
  const result = new Uint8ClampedArray(height * line);
  for (let y = 0; y < height; y++) {
    const from = (first[y]! - above) * line;
    const begin = y * span;
    const taps = length[y]!;
    // A shorter window has zeros behind its weights; whatever line they are for, it is one of the picture.
    const lineOf = (tap: number): number => from + Math.min(tap, taps - 1) * line;
    const [a, b, c, d] = [lineOf(0), lineOf(1), lineOf(2), lineOf(3)];
    const weightOf = (tap: number): number => (tap < taps ? weights[begin + tap]! : 0);
    const [wa, wb, wc, wd] = [weightOf(0), weightOf(1), weightOf(2), weightOf(3)];
    const end = begin + taps;
    const to = y * line;
    for (let x = 0; x < line; x++) {
      let sum = half + Math.imul(data[a + x]!, wa) + Math.imul(data[b + x]!, wb);
      sum = (sum + Math.imul(data[c + x]!, wc) + Math.imul(data[d + x]!, wd)) | 0;
      for (let i = begin + 4, at = from + 4 * line + x; i < end; i++, at += line)
        sum = (sum + Math.imul(data[at]!, weights[i]!)) | 0;
      result[to + x] = sum >> binaryPlaces;
    }
  }
  return bytesOf(result);
}

const bytesOf = ({ buffer }: Uint8ClampedArray<ArrayBuffer>): Uint8Array => new Uint8Array(buffer);

/** The size at which the shorter side is this long, and the longer one keeps its share, cut to whole pixels: torchvision's `Resize`. */
export function shorterSide({ width, height }: Pick<Pixels, 'width' | 'height'>, size: number): Pick<Pixels, 'width' | 'height'> {
  return width <= height
    ? { width: size, height: Math.trunc((size * height) / width) }
    : { width: Math.trunc((size * width) / height), height: size };
}
