import { expect, test } from 'vitest';
import { goldenCases } from '../node/golden-pictures.ts';
import { crop } from './crop.ts';
import { flip } from './flip.ts';
import { pixels } from './pixels.ts';
import type { Interpolation } from './resampling.ts';
import { resize, shorterSide } from './resize.ts';

const resized = goldenCases.filter(({ kind }) => kind === 'resize');

test('there are golden pictures', () => expect(resized.length).toBeGreaterThan(10));

test.each(resized)('$name to $size (box $box) is what Pillow makes, to the bit', ({ name, input, size, box, output }) => {
  const [width, height] = size!;
  const part = box && { left: box[0], top: box[1], width: box[2], height: box[3] };
  const options = { interpolation: name as Interpolation, box: part };
  expect(resize(input, { width, height }, options)).toEqual(output);
  // A part of the result is that part of it.
  const kept = { left: width >> 1, top: height >> 2, width: width - (width >> 1), height: Math.max(1, height >> 1) };
  expect(resize(input, { width, height }, { ...options, kept })).toEqual(crop(output, kept));
});

test.each(goldenCases.filter(({ kind }) => kind === 'flip'))('$name is what Pillow makes', ({ input, output }) => {
  expect(flip(input)).toEqual(output);
});

const noise = (width: number, height: number) =>
  pixels(
    width,
    height,
    Uint8Array.from({ length: 3 * width * height }, (_, at) => Math.imul(at + 1, 2_654_435_761) >>> 24),
  );

test('a picture at its own size is itself, whatever that is, and so is a part of it', () => {
  for (let width = 1; width < 24; width++) {
    for (const height of [1, 2, 7]) {
      const picture = noise(width, height);
      expect(resize(picture, picture)).toEqual(picture);
      const part = { left: width >> 1, top: height >> 1, width: width - (width >> 1), height: height - (height >> 1) };
      expect(resize(picture, part, { box: part })).toEqual(crop(picture, part));
    }
  }
});

test('a picture of more memory than is kept has its own, and none of it is seen in the next', () => {
  const large = noise(2101, 1803);
  expect(Buffer.from(resize(large, large).data).equals(Buffer.from(large.data))).toBe(true);
  const small = noise(5, 4);
  expect(resize(small, small)).toEqual(small);
});

test('the shorter side gets the size, the longer one is cut to whole pixels', () => {
  expect(shorterSide({ width: 500, height: 333 }, 256)).toEqual({ width: 384, height: 256 });
  expect(shorterSide({ width: 333, height: 500 }, 256)).toEqual({ width: 256, height: 384 });
  expect(shorterSide({ width: 20, height: 20 }, 256)).toEqual({ width: 256, height: 256 });
});

test('a size of no whole pixels and a box that leaves the picture are refused', () => {
  const picture = pixels(4, 4, new Uint8Array(48));
  expect(() => resize(picture, { width: 0, height: 3 })).toThrow('expected a size in whole pixels, got 0 x 3');
  expect(() => resize(picture, { width: 2, height: 2 }, { box: { left: 2, top: 0, width: 3, height: 4 } })).toThrow(
    'expected a box inside the picture of 4 x 4, got 3 x 4 at 2, 0',
  );
  expect(() => pixels(4, 4, new Uint8Array(47))).toThrow('a picture of 4 x 4 has 48 bytes of RGB, got 47');
});
