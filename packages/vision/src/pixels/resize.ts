/**
 * Resizing as Pillow does it (`Image.resize`), to the bit: in weights of 22 binary places, first along the rows, then along the columns,
 * with bytes between. The sums are made in WebAssembly (resize.wat), in a fifth of the time that they take here.
 */
import { GmlpError } from '@gmlp/base';
import type { Box } from './crop.ts';
import type { Pixels } from './pixels.ts';
import { filters, type Interpolation, resamplingShares } from './resampling.ts';
import { program } from './resize-program.ts';

const binaryPlaces = 22;

/** For each place of the result: where its window begins, how long it is, and its weights, `span` apart. */
interface Windows {
  readonly first: Int32Array;
  readonly length: Int32Array;
  readonly weights: Int32Array;
  readonly span: number;
}

/** Of `count` places of the result from place `skipped` on. */
function windowsOf(from: number, to: number, interpolation: Interpolation, skipped: number, count: number): Windows {
  const span = Math.ceil(filters[interpolation].support * Math.max(1, from / to)) * 2 + 1;
  const first = new Int32Array(count);
  const length = new Int32Array(count);
  const weights = new Int32Array(count * span);
  for (let place = 0; place < count; place++) {
    const { begin, shares } = resamplingShares(from, to, skipped + place, interpolation);
    first[place] = begin;
    length[place] = shares.length;
    for (const [i, share] of shares.entries()) {
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
  const data = summed(picture, { ...box, top: box.top + above, height: below - above }, { columns, rows, above }, kept);
  return { width: kept.width, height: kept.height, data };
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

/** Behind the last pixel of a line the program writes what the next overwrites, and reads what counts in nothing. */
const spare = 16;
/** Pictures that need more memory than this have their own, which is free again with them. */
const keptBytes = 2 ** 25;

let keptResizer: Resizer | undefined;

interface Resizer {
  readonly memory: WebAssembly.Memory;
  rows(from: number, stride: number, lines: number, width: number, ...windows: WindowPlaces): void;
  columns(from: number, line: number, height: number, ...windows: WindowPlaces): void;
}
type WindowPlaces = readonly [first: number, length: number, weights: number, span: number, to: number];

function resizer(bytes: number): Resizer {
  if (bytes > keptBytes) return withMemory(newResizer(), bytes);
  keptResizer ??= newResizer();
  return withMemory(keptResizer, bytes);
}

function withMemory(own: Resizer, bytes: number): Resizer {
  const pages = Math.ceil(bytes / 2 ** 16) - own.memory.buffer.byteLength / 2 ** 16;
  if (pages > 0) own.memory.grow(pages);
  return own;
}

const newResizer = (): Resizer =>
  new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.from(atob(program), (byte) => byte.charCodeAt(0))))
    .exports as unknown as Resizer;

/** `[kept.height, kept.width, 3]` of the lines of a picture: along the rows, then along the columns. */
function summed(
  { width: stride, data }: Pixels,
  lines: Box,
  { columns, rows, above }: { readonly columns: Windows; readonly rows: Windows; readonly above: number },
  kept: Pick<Box, 'width' | 'height'>,
): Uint8Array {
  const line = 3 * kept.width;
  let end = 0;
  const place = (bytes: number): number => {
    const at = end;
    end += Math.ceil((bytes + spare) / 16) * 16;
    return at;
  };
  const source = data.subarray(3 * lines.top * stride, 3 * (lines.top + lines.height) * stride);
  const [from, between, to] = [place(source.length), place(lines.height * line), place(kept.height * line)];
  const tables = [
    columns.first,
    columns.length,
    columns.weights,
    rows.first.map((first) => first - above),
    rows.length,
    rows.weights,
  ];
  const places = tables.map((table) => place(4 * table.length));
  const { memory, ...own } = resizer(end);
  const bytes = new Uint8Array(memory.buffer);
  bytes.set(source, from);
  for (const [at, table] of tables.entries()) new Int32Array(memory.buffer, places[at], table.length).set(table);
  const [a, b, c, d, e, f] = places as [number, number, number, number, number, number];
  own.rows(from + 3 * lines.left, 3 * stride, lines.height, kept.width, a, b, c, columns.span, between);
  own.columns(between, line, kept.height, d, e, f, rows.span, to);
  return bytes.slice(to, to + kept.height * line);
}

/** The size at which the shorter side is this long, and the longer one keeps its share, cut to whole pixels: torchvision's `Resize`. */
export function shorterSide({ width, height }: Pick<Pixels, 'width' | 'height'>, size: number): Pick<Pixels, 'width' | 'height'> {
  return width <= height
    ? { width: size, height: Math.trunc((size * height) / width) }
    : { width: Math.trunc((size * width) / height), height: size };
}
