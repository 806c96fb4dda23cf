import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeIndex, encodeIndex, type IndexHead } from './index-format.ts';
import { type IndexedSample, sampleAt, sampleIndexBuilder } from './sample-index.ts';

const head: IndexHead = {
  made: '{"format":"tar"}',
  files: ['a.tar', 'b.tar'].map((name) => ({ name, size: 2 ** 51, fingerprint: 'ab' })),
  classes: Array.from({ length: 1000 }, (_, label) => ({ id: `ü${label}`, name: 'name' })),
  skipped: { counts: { empty: 2 }, listed: [] },
};

const samples: fc.Arbitrary<IndexedSample[]> = fc.array(
  fc.record({
    file: fc.nat(1),
    offset: fc.integer({ min: 0, max: 2 ** 50 }),
    length: fc.integer({ min: 0, max: 2 ** 33 }),
    label: fc.nat(999),
    name: fc.string({ unit: 'grapheme' }),
  }),
  { maxLength: 30 },
);

const encoded = (all: readonly IndexedSample[]): Uint8Array => {
  const builder = sampleIndexBuilder();
  for (const sample of all) builder.add(sample);
  return encodeIndex(head, builder.build(), crc32);
};

test('what was stored comes back', () => {
  fc.assert(
    fc.property(samples, (all) => {
      const found = decodeIndex(encoded(all), 'file', crc32);
      expect(found.head).toEqual(head);
      expect(all.map((_, at) => sampleAt(found.index, at))).toEqual(all);
    }),
  );
});

test('an index grows', () => {
  const builder = sampleIndexBuilder();
  for (let i = 0; i < 5000; i++) builder.add({ file: 1, offset: i * 1e6, length: i, label: i % 7, name: `name ${i}`.repeat(5) });
  const index = builder.build((label) => label + 1);
  expect(index.count).toBe(5000);
  expect(sampleAt(index, 4321)).toEqual({ file: 1, offset: 4321e6, length: 4321, label: 3, name: 'name 4321'.repeat(5) });
});

test('any change of a byte, and any cut, is refused by the name of the file', () => {
  const whole = encoded([{ file: 0, offset: 512, length: 9, label: 0, name: 'a' }]);
  for (let at = 0; at < whole.length; at += at < 64 || at > whole.length - 64 ? 1 : 501) {
    const changed = whole.slice();
    changed[at]! ^= 0x41;
    expect(() => decodeIndex(changed, 'runs/x.index', crc32)).toThrow('decodeIndex: runs/x.index');
    expect(() => decodeIndex(whole.subarray(0, at), 'runs/x.index', crc32)).toThrow('decodeIndex: runs/x.index');
  }
});

test.each([{ file: 2 }, { label: 1000 }, { label: -1 }, { offset: 2 ** 51 }, { offset: -1 }, { length: Number.NaN }])(
  '%j cannot be',
  (fields) => {
    const bytes = encoded([{ file: 0, offset: 512, length: 9, label: 0, name: 'a', ...fields }]);
    expect(() => decodeIndex(bytes, 'made.index', crc32)).toThrow('made.index says of samples what cannot be');
  },
);

test('one of a newer version asks for a newer gmlp', () => {
  const newer = encoded([]);
  newer[8] = 2;
  expect(() => decodeIndex(newer, 'file', crc32)).toThrow(expect.objectContaining({ code: 'unsupported-version' }));
});
