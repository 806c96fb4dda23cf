import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { unzip, zipFiles } from './zip.ts';

const text = (content: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(content) as Uint8Array<ArrayBuffer>;
const files = new Map([
  ['config.json', text('{}')],
  ['model.safetensors', text('weights '.repeat(40))],
]);

it('gives back what was zipped, and the same bytes for the same files', async () => {
  expect(await unzip(zipFiles(files))).toEqual(files);
  expect(zipFiles(files)).toEqual(zipFiles(files));
});

/** The first file's entry with other content, method, size and name of the same length. */
function patched({ method = 0, size, name }: { method?: number; size?: number; name?: string }): Uint8Array<ArrayBuffer> {
  const raw = text('abc'.repeat(50));
  const content = new Uint8Array(deflateRawSync(raw));
  const zip = zipFiles(new Map([['a/b.txt', method === 8 ? content : raw]]));
  const view = new DataView(zip.buffer);
  const central = view.getUint32(zip.length - 6, true);
  view.setUint16(central + 10, method, true);
  view.setUint32(central + 16, 0x3df55aa8, true);
  view.setUint32(central + 24, size ?? raw.length, true);
  if (name) zip.set(text(name), central + 46);
  return zip;
}

it('reads deflated files, and takes the last part of a name', async () => {
  // The checksum of the inflated bytes, as zip tools write it.
  const inflated = await unzip(zipFiles(new Map([['b.txt', text('abc'.repeat(50))]])));
  const zip = patched({ method: 8 });
  const plain = zipFiles(new Map([['b.txt', text('abc'.repeat(50))]]));
  const crc = new DataView(plain.buffer).getUint32(14, true);
  const view = new DataView(zip.buffer);
  view.setUint32(view.getUint32(zip.length - 6, true) + 16, crc, true);
  expect(await unzip(zip)).toEqual(inflated);
});

it.each([
  [text('not a zip file, but long enough to hold the end'), /is no zip file, or is cut short/],
  [patched({ method: 12 }), /compressed by method 12/],
  [patched({ method: 8, size: 10 }), /damaged or cut short/],
  [patched({ size: 2 ** 31 }), /more than 1024 MB/],
  [patched({}), /has a\/b\.txt damaged/],
])('refuses a hostile archive', async (zip, message) => {
  await expect(unzip(zip)).rejects.toThrow(message);
});

it('damaged archives are refused by an error of ours, or give files', async () => {
  const whole = zipFiles(files);
  const damage = fc.oneof(
    fc.tuple(fc.nat(whole.length - 1), fc.nat(255)).map(([at, byte]) => whole.with(at, byte)),
    fc.nat(whole.length - 1).map((length) => whole.slice(0, length)),
  );
  await fc.assert(
    fc.asyncProperty(damage, async (zip) => {
      const outcome = await unzip(zip as Uint8Array<ArrayBuffer>).catch((error: Error) => error.name);
      expect(outcome === 'GmlpError' || outcome instanceof Map).toBe(true);
    }),
    { numRuns: 300 },
  );
});
