import { deflateRawSync } from 'node:zlib';
import { GmlpError } from '@gmlp/base';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { unzip, zipFiles } from './zip.ts';

const text = (content: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(content) as Uint8Array<ArrayBuffer>;
const files = new Map([
  ['config.json', text('{}')],
  ['model.safetensors', text('weights '.repeat(40))],
]);

it('gives back what was zipped, and the same bytes for the same files', () => {
  expect(unzip(zipFiles(files))).toEqual(files);
  expect(zipFiles(files)).toEqual(zipFiles(files));
});

/** One file, and of its entry in the directory another method, size and name of the same length. */
function patched({ content = letters, method = 0, size = letters.length, name = 'a/b.txt' } = {}): Uint8Array {
  const zip = zipFiles(new Map([['a/b.txt', content]]));
  const view = new DataView(zip.buffer);
  const central = view.getUint32(zip.length - 6, true);
  view.setUint16(central + 10, method, true);
  view.setUint32(central + 24, size, true);
  zip.set(text(name), central + 46);
  return zip;
}
const letters = text('abc'.repeat(50));
const deflated = new Uint8Array(deflateRawSync(letters));

it('reads deflated files, and takes the last part of a name', () => {
  expect(unzip(patched({ content: deflated, method: 8 }))).toEqual(new Map([['b.txt', letters]]));
});

it.each(['a/.b.txt', 'abcdef/', '__MACOSX/b.txt'])('leaves out %s', (name) => {
  expect(unzip(zipFiles(new Map([[name, letters], ...files])))).toEqual(files);
});

it.each([
  [text('not a zip file, but long enough to hold the end'), /^unzip: mine\.zip cannot be read: invalid zip data/],
  [patched({ method: 12 }), /unknown compression type 12/],
  [patched({ content: deflated.slice(0, 4), method: 8 }), /unexpected EOF/],
  [patched({ content: deflated, method: 8, size: 200 }), /a\/b\.txt damaged or encrypted/],
  [patched({ size: 10 }), /a\/b\.txt damaged or encrypted/],
  [patched({ size: 2 ** 31 }), /more than 1024 MB/],
  [zipFiles(new Map([...files, ['b/config.json', letters]])), /two files config\.json/],
])('refuses a hostile archive', (zip, message) => {
  expect(() => unzip(zip, 'mine.zip')).toThrow(message);
});

it('damaged archives are refused by an error of ours, or give files', () => {
  const whole = zipFiles(files);
  const damage = fc.oneof(
    fc.tuple(fc.nat(whole.length - 1), fc.nat(255)).map(([at, byte]) => whole.with(at, byte)),
    fc.nat(whole.length - 1).map((length) => whole.slice(0, length)),
  );
  fc.assert(
    fc.property(damage, (zip) => {
      try {
        expect(unzip(zip)).toBeInstanceOf(Map);
      } catch (error) {
        if (!GmlpError.isInstance(error)) throw error;
      }
    }),
    { numRuns: 300 },
  );
});
