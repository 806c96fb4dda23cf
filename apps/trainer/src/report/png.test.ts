import { crc32, inflateSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { pngDataUrl } from './png.ts';

it('is a PNG whose chunks check and whose pixels come back', () => {
  const [width, height] = [3, 2];
  const pixels = Uint8Array.from({ length: 4 * width * height }, (_, index) => (index * 37) % 256);
  const url = pngDataUrl(width, height, pixels);
  expect(url).toMatch(/^data:image\/png;base64,[A-Za-z0-9+/]+=*$/);
  const png = Buffer.from(url.split(',')[1]!, 'base64');
  expect([...png.subarray(0, 8)]).toEqual([137, 80, 78, 71, 13, 10, 26, 10]);
  const chunks = new Map<string, Buffer>();
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at);
    const body = png.subarray(at + 4, at + 8 + length);
    expect(png.readUInt32BE(at + 8 + length)).toBe(crc32(body));
    chunks.set(body.toString('latin1', 0, 4), body.subarray(4));
    at += 12 + length;
  }
  expect([...chunks.keys()]).toEqual(['IHDR', 'IDAT', 'IEND']);
  expect([chunks.get('IHDR')!.readUInt32BE(0), chunks.get('IHDR')!.readUInt32BE(4)]).toEqual([width, height]);
  const rows = inflateSync(chunks.get('IDAT')!);
  const read = Array.from({ length: height }, (_, row) => [...rows.subarray(row * 13 + 1, (row + 1) * 13)]).flat();
  expect(read).toEqual([...pixels]);
});
