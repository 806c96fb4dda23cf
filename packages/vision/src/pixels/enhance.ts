/**
 * Pillow's `ImageEnhance`, to the bit: a picture and what it becomes without the quality, blended. 0 is without, 1 the picture itself,
 * above 1 more of it. Single precision, as there.
 */
import { type Pixels, toByte } from './pixels.ts';

type Without = (i: number) => number;

function blend({ width, height, data }: Pixels, without: Without, factor: number): Pixels {
  const share = Math.fround(factor);
  const result = new Uint8Array(data.length);
  for (let i = 0; i < data.length; i++) {
    const base = without(i);
    result[i] = toByte(Math.fround(base + Math.fround(share * (data[i]! - base))));
  }
  return { width, height, data: result };
}

/** ITU-R 601, in 16 binary places: Pillow's `convert('L')`. */
function grays({ width, height, data }: Pixels): Uint8Array {
  const gray = new Uint8Array(width * height);
  for (let i = 0; i < gray.length; i++) {
    gray[i] = (data[3 * i]! * 19595 + data[3 * i + 1]! * 38470 + data[3 * i + 2]! * 7471 + 0x8000) >> 16;
  }
  return gray;
}

export const brightness = (picture: Pixels, factor: number): Pixels => blend(picture, () => 0, factor);

export function color(picture: Pixels, factor: number): Pixels {
  const gray = grays(picture);
  return blend(picture, (i) => gray[Math.trunc(i / 3)]!, factor);
}

export function contrast(picture: Pixels, factor: number): Pixels {
  const gray = grays(picture);
  let sum = 0;
  for (const value of gray) sum += value;
  const mean = Math.trunc(sum / gray.length + 0.5);
  return blend(picture, () => mean, factor);
}

export function sharpness(picture: Pixels, factor: number): Pixels {
  const smooth = smoothed(picture);
  return blend(picture, (i) => smooth[i]!, factor);
}

const beside = Math.fround(1 / 13);
const middle = Math.fround(5 / 13);

/** Pillow's `SMOOTH`: the middle counts five of thirteen, each neighbour one. The edge stays as it is. */
function smoothed({ width, height, data }: Pixels): Uint8Array {
  const result = Uint8Array.from(data);
  const line = width * 3;
  const { fround } = Math;
  const row = (at: number, weight: number): number =>
    fround(fround(fround(data[at - 3]! * beside) + fround(data[at]! * weight)) + fround(data[at + 3]! * beside));
  for (let y = 1; y < height - 1; y++) {
    for (let i = y * line + 3; i < (y + 1) * line - 3; i++) {
      result[i] = toByte(fround(fround(fround(0.5 + row(i + line, beside)) + row(i, middle)) + row(i - line, beside)));
    }
  }
  return result;
}
