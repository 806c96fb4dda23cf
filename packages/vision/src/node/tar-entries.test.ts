import { GmlpError } from '@gmlp/base';
import type { ByteSource } from '@gmlp/base/node';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { makeTar, type TarFile, tarBody, tarHead } from './make-tar.ts';
import { type TarEntry, tarEntries } from './tar-entries.ts';

const source = (bytes: Uint8Array, leastStep = 4096): ByteSource & { reads: number } => {
  const counted = {
    name: 'a.tar',
    size: bytes.length,
    leastStep,
    reads: 0,
    async read(offset: number, length: number) {
      counted.reads++;
      if (offset + length > bytes.length) throw new Error(`read behind the end: ${offset} + ${length}`);
      return Uint8Array.from(bytes.subarray(offset, offset + length));
    },
    close: async () => {},
  };
  return counted;
};

async function all(bytes: Uint8Array): Promise<{ entries: TarEntry[]; error: GmlpError | undefined }> {
  const entries: TarEntry[] = [];
  try {
    for await (const entry of tarEntries(source(bytes))) entries.push(entry);
  } catch (error) {
    if (!GmlpError.isInstance(error)) throw error;
    return { entries, error };
  }
  return { entries, error: undefined };
}

const name = fc.stringMatching(/^[a-zü0-9_/]{1,30}[a-z]$/).filter((path) => !path.startsWith('/'));
const files: fc.Arbitrary<TarFile[]> = fc.array(
  fc.record({
    path: name,
    content: fc.oneof(fc.uint8Array({ maxLength: 40 }), fc.uint8Array({ minLength: 500, maxLength: 1500 })),
  }),
  { maxLength: 8 },
);

test('every file, with the place of its content', async () => {
  await fc.assert(
    fc.asyncProperty(files, fc.integer({ min: 1, max: 2000 }), async (packed, step) => {
      const bytes = makeTar(packed);
      const hex = (part: Uint8Array): string => Buffer.from(part).toString('hex');
      const found: [path: string, there: string, content: string][] = [];
      for await (const entry of tarEntries(source(bytes, step))) {
        expect(entry.kind).toBe('file');
        const there = bytes.subarray(entry.offset, entry.offset + entry.size);
        found.push([entry.path, hex(there), hex(await entry.content())]);
      }
      expect(found).toEqual(packed.map(({ path, content }) => [path, hex(content as Uint8Array), hex(content as Uint8Array)]));
    }),
    { numRuns: 50 },
  );
});

test('cut anywhere, it is an error with the byte, after every entry that is whole', async () => {
  const bytes = makeTar([
    { path: 'one', content: 'x'.repeat(700) },
    { path: 'two', content: 'y'.repeat(10) },
  ]);
  const ends = [0, 512, 512 + 700, 512 + 1024, 1536 + 512, 1536 + 512 + 10, 1536 + 1024]; // of heads, contents and blocks
  for (const length of ends.flatMap((end) => [end - 1, end, end + 1]).filter((each) => each >= 0)) {
    const { entries, error } = await all(bytes.subarray(0, length));
    const whole = length >= 512 + 1024 + 512 + 10 ? 2 : length >= 512 + 700 ? 1 : 0;
    expect([length, entries.length, error?.code]).toEqual([length, whole, 'invalid-data']);
    expect(error!.message).toMatch(/a\.tar, byte \d+.*cut short/);
  }
  expect((await all(bytes.subarray(0, -512))).error).toBeUndefined();
});

describe('names that are longer than their field', () => {
  const path = `${'folder/'.repeat(30)}image.jpg`;
  const after: TarFile = { path: 'next', content: 'n' };
  test.each<[string, TarFile[]]>([
    ['GNU', [{ path: '././@LongLink', type: 'L', content: `${path}\0` }, { path: path.slice(0, 100), content: 'x' }, after]],
    [
      'pax',
      [{ path: 'PaxHeader', type: 'x', content: paxRecord('path', path) }, { path: path.slice(0, 100), content: 'x' }, after],
    ],
    [
      'pax for all',
      [
        { path: 'g', type: 'g', content: paxRecord('comment', 'c') },
        { path: 'PaxHeader', type: 'x', content: paxRecord('path', path) },
        { path: 'short', content: 'x' },
        after,
      ],
    ],
  ])('%s', async (_, packed) => {
    const { entries, error } = await all(makeTar(packed));
    expect(error).toBeUndefined();
    expect(entries.map((entry) => [entry.path, entry.size])).toEqual([
      [path, 1],
      ['next', 1],
    ]);
  });

  test('one of gigabytes is damage', async () => {
    const { error } = await all(Buffer.concat([tarHead('././@LongLink', 2 ** 21, 'L'), Buffer.alloc(2 ** 21), tarBody([after])]));
    expect(error?.message).toContain('a name of 2097152 bytes');
  });
});

function paxRecord(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  let length = rest.length;
  while (String(length).length + rest.length !== length) length = String(length).length + rest.length;
  return `${length}${rest}`;
}

test.each(['1.5', '1e300'])('a size of %s is no size', async (size) => {
  const { entries, error } = await all(
    makeTar([
      { path: 'PaxHeader', type: 'x', content: paxRecord('size', size) },
      { path: 'a', content: 'x' },
    ]),
  );
  expect(entries).toEqual([]);
  expect(error).toMatchObject({ code: 'invalid-data', message: expect.stringContaining('a head without a size; it is damaged') });
});

test('folders and links are told from files', async () => {
  const { entries } = await all(
    makeTar([
      { path: 'folder/', type: '5' },
      { path: 'link', type: '2' },
      { path: 'hard', type: '1' },
      { path: 'file', type: '7' },
    ]),
  );
  expect(entries.map(({ kind }) => kind)).toEqual(['folder', 'other', 'other', 'file']);
});

test('what is no tar, what is compressed, and what stands behind the end', async () => {
  const tar = makeTar([{ path: 'one', content: 'x' }]);
  expect((await all(Buffer.alloc(1024, 'text '))).error?.message).toContain('byte 0: damaged (no head of a tar is there');
  expect((await all(Buffer.concat([Buffer.of(0x1f, 0x8b, 8, 0), Buffer.alloc(1020)]))).error?.message).toContain(
    'run gunzip on it',
  );
  const { entries, error } = await all(Buffer.concat([tar, tar]));
  expect([entries.length, error?.message]).toEqual([
    1,
    expect.stringContaining(`byte ${tar.length}: damaged (there is something behind the end`),
  ]);
  expect((await all(Buffer.concat([tar, Buffer.alloc(8192)]))).error).toBeUndefined();
  const changed = Buffer.from(tar);
  changed[3] = 0x41;
  expect((await all(changed)).error?.message).toContain('byte 0: damaged');
});

test('small entries that follow one another take few reads, and large ones are not read', async () => {
  const small = source(makeTar(Array.from({ length: 500 }, (_, i) => ({ path: `${i}`, content: 'x'.repeat(900) }))));
  for await (const _ of tarEntries(small));
  expect(small.reads).toBeLessThan(15);
  const bytes = makeTar(Array.from({ length: 10 }, (_, i) => ({ path: `${i}`, content: 'x'.repeat(100_000) })));
  const large = source(bytes);
  const read = large.read;
  let total = 0;
  large.read = async (offset, length) => {
    total += length;
    return read(offset, length);
  };
  for await (const _ of tarEntries(large));
  expect(total).toBeLessThan(bytes.length / 10);
});
