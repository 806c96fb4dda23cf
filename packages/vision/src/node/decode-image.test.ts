import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import type { Pixels } from '../pixels/pixels.ts';
import { decodeImage, loadSharp } from './decode-image.ts';

const [width, height] = [24, 16];
/** Red on the left, blue below, all else between. */
const drawn = new Uint8Array(width * height * 3);
for (let y = 0; y < height; y++) {
  for (let x = 0; x < width; x++) drawn.set([255 - x * 10, 40, y * 15], (y * width + x) * 3);
}
const picture = () => sharp(drawn, { raw: { width, height, channels: 3 } });
const from = { file: 'a.tar', offset: 512, key: 'n01/x.JPEG' };
const decode = async (bytes: Uint8Array, options = {}): Promise<Pixels> =>
  decodeImage({ bytes, encoding: { kind: 'jpeg' }, from }, await loadSharp(), options);

const difference = ({ data }: Pixels, other: ArrayLike<number>): number => {
  expect(data.length).toBe(other.length);
  return data.reduce((sum, value, i) => sum + Math.abs(value - other[i]!), 0) / data.length;
};

test.each([
  ['JPEG', () => picture().jpeg({ quality: 98, chromaSubsampling: '4:4:4' })],
  ['progressive JPEG', () => picture().jpeg({ quality: 98, progressive: true, chromaSubsampling: '4:4:4' })],
  ['PNG', () => picture().png()],
  ['interlaced PNG', () => picture().png({ progressive: true })],
  ['PNG of 16 bits', () => picture().toColourspace('rgb16').png()],
  ['PNG with alpha, which is dropped', () => picture().ensureAlpha(0.5).png()],
  ['WebP', () => picture().webp({ lossless: true })],
])('%s becomes 8-bit RGB', async (_, encoded) => {
  const decoded = await decode(await encoded().toBuffer());
  expect([decoded.width, decoded.height]).toEqual([width, height]);
  expect(difference(decoded, drawn)).toBeLessThan(3);
});

test('grayscale and CMYK become RGB that is neither a third nor a negative', async () => {
  const gray = await decode(await picture().grayscale().jpeg({ quality: 98 }).toBuffer());
  expect(gray.data.length).toBe(width * height * 3);
  for (let i = 0; i < gray.data.length; i += 3) expect(gray.data[i + 1]).toBe(gray.data[i]);
  const cmyk = await decode(
    await sharp({ create: { width: 8, height: 8, channels: 3, background: '#c82814' } })
      .toColourspace('cmyk')
      .jpeg({ quality: 98 })
      .toBuffer(),
  );
  const [red, green, blue] = cmyk.data;
  expect(red! - green!).toBeGreaterThan(80);
  expect(green! - blue!).toBeGreaterThan(-20);
});

test('EXIF turns a picture upright', async () => {
  for (const orientation of [1, 2, 3, 4, 5, 6, 7, 8]) {
    const stored = await picture().jpeg({ quality: 98, chromaSubsampling: '4:4:4' }).withMetadata({ orientation }).toBuffer();
    const decoded = await decode(stored);
    expect([decoded.width, decoded.height]).toEqual(orientation < 5 ? [width, height] : [height, width]);
    // Where the reddest pixel of the stored picture, its upper left one, goes.
    const corner = { 1: [0, 0], 2: [1, 0], 3: [1, 1], 4: [0, 1], 5: [0, 0], 6: [1, 0], 7: [1, 1], 8: [0, 1] }[orientation]!;
    const at = (corner[1]! * (decoded.height - 1) * decoded.width + corner[0]! * (decoded.width - 1)) * 3;
    expect(decoded.data[at]).toBeGreaterThan(235);
    expect(decoded.data[at + 2]).toBeLessThan(20);
  }
});

test('raw pixels are taken as they are', async () => {
  const decoded = await decodeImage({ bytes: drawn, encoding: { kind: 'rgb', width, height }, from }, await loadSharp());
  expect(decoded).toEqual({ width, height, data: drawn });
});

test('what is cut short, no picture, or too large is an error that says where', async () => {
  const jpeg = await picture().jpeg().toBuffer();
  for (const bytes of [
    jpeg.subarray(0, jpeg.length >> 1),
    Buffer.from('GIF is not this'),
    jpeg.subarray(0, 20),
    Buffer.alloc(0),
  ]) {
    await expect(decode(bytes)).rejects.toMatchObject({
      code: 'invalid-data',
      message: expect.stringContaining('a.tar, byte 512, n01/x.JPEG: damaged ('),
    });
  }
  await expect(decode(jpeg, { maximumPixels: 100 })).rejects.toThrow(/pixel limit/);
  // A bomb: 50,000 x 50,000 pixels in a header of some bytes; it is refused before it is decoded.
  const bomb = Buffer.from(await picture().png().toBuffer());
  bomb.writeUInt32BE(50_000, 16);
  bomb.writeUInt32BE(50_000, 20);
  await expect(decode(bomb)).rejects.toMatchObject({ code: 'invalid-data' });
});

const data = process.env['GMLP_DATA'];
test.skipIf(data === undefined)(
  `awkward files as Pillow reads them${data === undefined ? ' (skipped: GMLP_DATA names no folder with image-cases/)' : ''}`,
  async () => {
    const folder = join(data!, 'image-cases');
    const lines = readFileSync(join(folder, 'cases.tsv'), 'utf8').trimEnd().split('\n').slice(1);
    const problems: string[] = [];
    for (const line of lines) {
      const [file, , format, mode, , , , , w, h, mean, , strict] = line.split('\t') as string[];
      if (strict !== 'ok' || mode === 'CMYK') continue;
      const decoded = await decode(readFileSync(join(folder, file!))).catch((error: Error) => error);
      if (decoded instanceof Error) {
        problems.push(`${file} (${format}): ${decoded.message}`);
        continue;
      }
      if (decoded.width !== Number(w) || decoded.height !== Number(h))
        problems.push(`${file}: ${decoded.width} x ${decoded.height}`);
      const sums = [0, 0, 0];
      for (const [i, value] of decoded.data.entries()) sums[i % 3]! += value;
      const means = sums.map((sum) => sum / (decoded.width * decoded.height));
      const expected = mean!.split(',').map(Number);
      if (means.some((value, i) => Math.abs(value - expected[i]!) > 2))
        problems.push(`${file} (${mode}): ${means} for ${expected}`);
    }
    expect(problems).toEqual([]);
  },
);
