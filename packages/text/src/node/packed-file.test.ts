import { createHash } from 'node:crypto';
import { type FileHandle, mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { GmlpError } from '@gmlp/base';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { fingerprintOf } from './fingerprint.ts';
import { type OpenPackedOptions, openPacked } from './open-packed.ts';
import { writePacked } from './write-packed.ts';

let folder: string;
let path: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gmlp-packed-'));
  path = join(folder, 'train.packed');
});
afterAll(() => rm(folder, { recursive: true }));

async function failure(work: Promise<unknown>): Promise<GmlpError> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!GmlpError.isInstance(error)) throw new Error(`expected a GmlpError, got ${String(error)}`);
  return error;
}

/** Opens the bytes as a file and reads all of it. */
async function readBytes(bytes: Uint8Array, options: OpenPackedOptions = {}): Promise<number[]> {
  const copy = join(folder, 'copy.packed');
  await writeFile(copy, bytes);
  const file = await openPacked(copy, options);
  try {
    return [...(await file.batch(Array.from({ length: file.count }, (_, i) => i))).data];
  } finally {
    await file.close();
  }
}

test.each([
  [50_000, 2],
  [65_536, 2],
  [65_537, 4],
])('what was written comes back, vocabulary %i in %i bytes an id', async (vocabularySize, bytesPerId) => {
  const sequences = fc.array(fc.array(fc.nat(vocabularySize - 1), { minLength: 5, maxLength: 5 }), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(sequences, async (rows) => {
      const header = await writePacked(path, rows, { sequenceLength: 5, vocabularySize });
      expect(header).toMatchObject({ sequenceLength: 5, vocabularySize, bytesPerId, count: rows.length });
      const file = await openPacked(path, { vocabularySize, sequenceLength: 5 });
      for (const [i, row] of rows.entries()) expect([...(await file.sequence(i))]).toEqual(row);
      const order = rows.map((_, i) => rows.length - 1 - i);
      const batch = await file.batch(order);
      expect(batch.shape).toEqual([rows.length, 5]);
      expect([...batch.data]).toEqual([...rows].reverse().flat());
      await file.close();
    }),
    { numRuns: 15 },
  );
});

test('megabytes are streamed, with progress, and the head is what the documentation says', async () => {
  function* rows(): Generator<Int32Array> {
    for (let i = 0; i < 20_000; i++) yield new Int32Array(100).fill(i % 1000);
  }
  const progress: number[] = [];
  await writePacked(path, rows(), {
    sequenceLength: 100,
    vocabularySize: 1000,
    onProgress: ({ sequences }) => progress.push(sequences),
  });
  expect(progress.length).toBeGreaterThan(3);
  expect(progress.at(-1)).toBe(20_000);
  const bytes = await readFile(path);
  expect(bytes.length).toBe(192 + 20_000 * (100 * 2 + 4));
  expect(bytes.toString('latin1', 0, 8)).toBe('GMLPPACK');
  expect([8, 12, 16, 20, 24].map((at) => bytes.readUInt32LE(at))).toEqual([2, 192, 100, 1000, 2]);
  expect(bytes.readBigUInt64LE(32)).toBe(20_000n);
  const row = bytes.subarray(192 + 1234 * 204, 192 + 1235 * 204);
  expect(row.readUInt16LE(0)).toBe(234);
  expect(row.readUInt32LE(200)).toBe(crc32(row.subarray(0, 200), 1234));
  expect(bytes.readUInt32LE(188)).toBe(crc32(bytes.subarray(0, 188)));
  const allIds = Buffer.concat(Array.from({ length: 20_000 }, (_, i) => bytes.subarray(192 + i * 204, 192 + i * 204 + 200)));
  expect(bytes.toString('hex', 64, 96)).toBe(createHash('sha256').update(allIds).digest('hex'));
  const file = await openPacked(path);
  expect([...(await file.sequence(1234))]).toEqual(new Array(100).fill(234));
  await file.close();
});

describe('writing', () => {
  const options = { sequenceLength: 2, vocabularySize: 10 };

  test('a failure leaves the old file and no temporary one', async () => {
    await writePacked(path, [[1, 2]], options);
    const before = await readFile(path);
    async function* failing(): AsyncGenerator<number[]> {
      yield [3, 4];
      throw new RangeError('from the source');
    }
    await expect(writePacked(path, failing(), options)).rejects.toThrow(RangeError);
    expect((await failure(writePacked(path, [[1, 10]], options))).message).toContain(
      'id 10 of sequence 0, position 1 is outside the vocabulary of 10',
    );
    expect((await failure(writePacked(path, [[1, 2], [1]], options))).message).toContain('sequence 1 has 1 ids, expected 2');
    expect(await readFile(path)).toEqual(before);
    expect((await readdir(folder)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  test('a folder that does not exist, and senseless sizes', async () => {
    expect((await failure(writePacked(join(folder, 'none', 'x'), [], options))).code).toBe('io');
    expect((await failure(writePacked(path, [], { sequenceLength: 0, vocabularySize: 10 }))).code).toBe('invalid-argument');
  });
});

describe('reading', () => {
  const rows = [
    [1, 2, 3],
    [4, 5, 6],
    [7, 8, 9],
  ];
  let bytes: Buffer;
  beforeAll(async () => {
    await writePacked(path, rows, { sequenceLength: 3, vocabularySize: 300 });
    bytes = await readFile(path);
  });
  const changed = (change: (copy: Buffer) => void): Buffer => {
    const copy = Buffer.from(bytes);
    change(copy);
    return copy;
  };

  test('cut short anywhere, or longer: an error that says how much is left', async () => {
    for (let length = 0; length < bytes.length; length += 3) {
      expect((await failure(readBytes(bytes.subarray(0, length)))).code).toBe('invalid-data');
    }
    const error = await failure(readBytes(bytes.subarray(0, bytes.length - 1)));
    expect(error.message).toMatch(
      /copy\.packed: cut short: 221 bytes of 222, which leaves 2 of 3 sequences; pack the text again/,
    );
    expect((await failure(readBytes(Buffer.concat([bytes, Buffer.of(0)])))).message).toContain(
      '223 bytes, but its head accounts for 222',
    );
  });

  test('wrong magic, a newer version, ids outside the vocabulary', async () => {
    expect((await failure(readBytes(changed((copy) => copy.write('PK'))))).message).toContain('not a packed file');
    for (const [version, advice] of [
      [3, 'update gmlp, or pack the text again'],
      [1, 'it has no checksums; pack the text again'],
    ] as const) {
      const other = await failure(readBytes(changed((copy) => copy.writeUInt32LE(version, 8))));
      expect([other.code, other.message]).toEqual([
        'unsupported-version',
        expect.stringContaining(`has version ${version}, this gmlp reads version 2; ${advice}`),
      ]);
    }
    const outside = await failure(
      readBytes(
        changed((copy) => {
          copy.writeUInt16LE(300, 192 + 10 + 2);
          copy.writeUInt32LE(crc32(copy.subarray(192 + 10, 192 + 16), 1), 192 + 16);
        }),
      ),
    );
    expect(outside.message).toContain('sequence 1, position 1: id 300 is outside the vocabulary of 300');
    expect(outside.fields).toMatchObject({ record: 1, position: 1 });
  });

  test('a flipped bit anywhere is an error, and one in the ids names its sequence', async () => {
    for (let at = 0; at < bytes.length; at++) {
      const error = await failure(readBytes(changed((copy) => copy.writeUInt8(copy[at]! ^ (1 << (at % 8)), at))));
      expect(['invalid-data', 'unsupported-version']).toContain(error.code);
      if (at >= 192) {
        const record = Math.floor((at - 192) / 10);
        expect(error.fields).toMatchObject({ record });
        expect(error.message).toContain(
          `copy.packed, sequence ${record} (10 bytes from ${192 + 10 * record}): its checksum is wrong`,
        );
      }
    }
  });

  test('two sequences that changed places are no longer what was written', async () => {
    const exchanged = changed((copy) => copy.copyWithin(192 + 10, 192, 192 + 10));
    expect((await failure(readBytes(exchanged))).fields).toMatchObject({ record: 1 });
  });

  test('lengths as large as a field holds, with a right checksum, take no memory', async () => {
    for (const [at, value] of [
      [16, 2 ** 31],
      [16, 2 ** 32 - 1],
      [16, 2 ** 24],
      [32, 2 ** 31],
      [36, 2 ** 31],
    ] as const) {
      const error = await failure(
        readBytes(
          changed((copy) => {
            copy.writeUInt32LE(value, at);
            copy.writeUInt32LE(crc32(copy.subarray(0, 188)), 188);
          }),
        ),
      );
      expect(error.message).toMatch(/broken head|cut short/);
    }
  });

  test('what it was made of is kept, and equal ids have equal fingerprints', async () => {
    const [source, tokenizer] = [fingerprintOf('text'), fingerprintOf('tokenizer')];
    const shape = { sequenceLength: 3, vocabularySize: 300 };
    const header = await writePacked(path, rows, { ...shape, source, tokenizer });
    const file = await openPacked(path);
    expect(file.fingerprints).toEqual(header.fingerprints);
    expect(file.fingerprints).toMatchObject({ source, tokenizer });
    await file.close();
    const again = await writePacked(path, rows, shape);
    expect(again.fingerprints).toEqual({ ids: header.fingerprints.ids });
    const other = await writePacked(path, [rows[1]!, rows[0]!, rows[2]!], shape);
    expect(other.fingerprints.ids).not.toBe(header.fingerprints.ids);
    const error = await failure(writePacked(path, rows, { ...shape, source: 'my-text' }));
    expect(error.message).toContain('expected source to be a SHA-256');
  });

  test('another tokenizer’s or another length than expected', async () => {
    const error = await failure(readBytes(bytes, { vocabularySize: 4096 }));
    expect([error.code, error.message]).toEqual([
      'shape-mismatch',
      expect.stringContaining('packed with vocabularySize 300, expected 4096'),
    ]);
    expect((await failure(readBytes(bytes, { sequenceLength: 4 }))).code).toBe('shape-mismatch');
  });

  test('a sequence that there is not, a closed file, no file', async () => {
    const file = await openPacked(path);
    expect((await failure(file.sequence(3))).message).toContain('has no sequence 3; it has 3');
    expect((await failure(file.batch([0, -1]))).code).toBe('invalid-argument');
    await file.close();
    await file.close();
    expect((await failure(file.sequence(0))).code).toBe('disposed');
    expect((await failure(openPacked(join(folder, 'none')))).code).toBe('not-found');
  });
});

test('a folder in place of a file is an error that names it', async () => {
  expect(await failure(openPacked(folder))).toMatchObject({
    code: 'invalid-argument',
    message: expect.stringContaining('is a folder, expected a file'),
  });
});

test.each([
  { sequenceLength: 2, vocabularySize: 2 ** 33 },
  { sequenceLength: 2 ** 40, vocabularySize: 10 },
])('refuses to write %o, which the head cannot say', async (options) => {
  expect((await failure(writePacked(join(folder, 'huge.packed'), [], options))).code).toBe('invalid-argument');
});

test('a disk that takes a part is asked for the rest, one that takes nothing more ends the writing', async () => {
  const handle = await open(import.meta.filename, 'r');
  const prototype = Object.getPrototypeOf(handle) as { write: FileHandle['write'] };
  await handle.close();
  const write = prototype.write as (
    this: FileHandle,
    ...part: [Uint8Array, number, number, number]
  ) => Promise<{ bytesWritten: number }>;
  let room = 250;
  const spy = vi.spyOn(prototype as { write: typeof write }, 'write').mockImplementation(async function (
    this: FileHandle,
    bytes,
    at,
    length,
    position,
  ) {
    const taken = Math.min(7, length, room);
    room -= taken;
    return taken === 0 ? { bytesWritten: 0 } : write.call(this, bytes, at, taken, position);
  });
  try {
    const full = join(folder, 'full.packed');
    const error = await failure(
      writePacked(full, [[1, 2, 3, 4, 5]].concat(Array(20).fill([5, 4, 3, 2, 1])), { sequenceLength: 5, vocabularySize: 9 }),
    );
    expect(error).toMatchObject({
      code: 'io',
      message: expect.stringMatching(/full\.packed: the disk took \d+ bytes and no more/),
    });
    room = Number.POSITIVE_INFINITY;
    await writePacked(join(folder, 'slow.packed'), [[1, 2, 3, 4, 5]], { sequenceLength: 5, vocabularySize: 9 });
    expect((await readdir(folder)).filter((name) => name.includes('.tmp') || name.startsWith('full'))).toEqual([]);
  } finally {
    spy.mockRestore();
  }
  expect(await readBytes(await readFile(join(folder, 'slow.packed')))).toEqual([1, 2, 3, 4, 5]);
});
