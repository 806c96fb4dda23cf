/** Pictures sheared, moved and turned as Pillow does it (`Image.transform` with `AFFINE`, `Image.rotate`), to the bit. */
import { type Pixels, toByte } from './pixels.ts';
import type { Interpolation } from './resampling.ts';

/** Where each pixel of the result is taken from: x' = a x + b y + c, y' = d x + e y + f. */
export type Affine = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

export interface AffineOptions {
  readonly interpolation: Interpolation;
  /** RGB of what lies outside. */
  readonly fill: readonly [red: number, green: number, blue: number];
}

export function affine(
  { width, height, data }: Pixels,
  [a, b, c, d, e, f]: Affine,
  { interpolation, fill }: AffineOptions,
): Pixels {
  const result = new Uint8Array(data.length);
  const taken = interpolation === 'bicubic' ? bicubicAt : bilinearAt;
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < width; x++, to += 3) {
      const fromX = a * (x + 0.5) + b * (y + 0.5) + c;
      const fromY = d * (x + 0.5) + e * (y + 0.5) + f;
      if (fromX < 0 || fromX >= width || fromY < 0 || fromY >= height) result.set(fill, to);
      else taken(data, width, height, fromX - 0.5, fromY - 0.5, result, to);
    }
  }
  return { width, height, data: result };
}

const inside = (place: number, length: number): number => (place < 0 ? 0 : place < length ? place : length - 1);

type Taken = (
  data: Uint8Array,
  width: number,
  height: number,
  fromX: number,
  fromY: number,
  result: Uint8Array,
  to: number,
) => void;

const bilinearAt: Taken = (data, width, height, fromX, fromY, result, to) => {
  const x = Math.floor(fromX);
  const y = Math.floor(fromY);
  const shareX = fromX - x;
  const shareY = fromY - y;
  const left = inside(x, width) * 3;
  const right = inside(x + 1, width) * 3;
  const upper = inside(y, height) * width * 3;
  const lower = y + 1 < height ? (y + 1) * width * 3 : -1;
  for (let channel = 0; channel < 3; channel++) {
    const between = (row: number): number => {
      const first = data[row + left + channel]!;
      return first + (data[row + right + channel]! - first) * shareX;
    };
    const above = between(upper);
    const below = lower < 0 ? above : between(lower);
    result[to + channel] = above + (below - above) * shareY;
  }
};

const cubic = (v1: number, v2: number, v3: number, v4: number, d: number): number =>
  v2 + d * (-v1 + v3 + d * (2 * (v1 - v2) + v3 - v4 + d * (-v1 + v2 - v3 + v4)));

const bicubicAt: Taken = (data, width, height, fromX, fromY, result, to) => {
  const x = Math.floor(fromX);
  const y = Math.floor(fromY);
  const shareX = fromX - x;
  const shareY = fromY - y;
  const x0 = inside(x - 1, width) * 3;
  const x1 = inside(x, width) * 3;
  const x2 = inside(x + 1, width) * 3;
  const x3 = inside(x + 2, width) * 3;
  for (let channel = 0; channel < 3; channel++) {
    const along = (row: number): number => {
      const at = row * width * 3 + channel;
      return cubic(data[at + x0]!, data[at + x1]!, data[at + x2]!, data[at + x3]!, shareX);
    };
    const v1 = along(inside(y - 1, height));
    // A row that does not exist is as the one before.
    const v2 = y >= 0 && y < height ? along(y) : v1;
    const v3 = y + 1 >= 0 && y + 1 < height ? along(y + 1) : v2;
    const v4 = y + 2 >= 0 && y + 2 < height ? along(y + 2) : v3;
    result[to + channel] = toByte(cubic(v1, v2, v3, v4, shareY));
  }
};

/** Turned around the middle, against the clock. */
export function rotate(picture: Pixels, degrees: number, options: AffineOptions): Pixels {
  const { width, height } = picture;
  const turned = degrees - Math.floor(degrees / 360) * 360;
  if (turned === 0) return picture;
  const angle = -((turned * Math.PI) / 180);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)].map((value) => Number(value.toFixed(15))) as [number, number];
  const [x, y] = [width / 2, height / 2];
  return affine(picture, [cos, sin, cos * -x + sin * -y + x, -sin, cos, -sin * -x + cos * -y + y], options);
}
