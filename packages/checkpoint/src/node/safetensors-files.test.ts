import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GmlpError, type HostArray, hostArray } from '@gmlp/base';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodeSafetensors, type SafetensorsFile } from '../decode-safetensors.ts';
import { bfloat16, float16 } from '../element-types.ts';
import { encodeSafetensors } from '../encode-safetensors.ts';
import { type FileSystem, nodeFileSystem } from './file-system.ts';
import { inspectSafetensorsFile, readSafetensorsFile, writeSafetensorsFile } from './safetensors-files.ts';

/** A file system that holds one file, gives at most `most` bytes at a time, and notes the ranges that were read. */
function holding(content: Uint8Array, most = Number.POSITIVE_INFINITY): FileSystem & { readonly ranges: [number, number][] } {
  const ranges: [number, number][] = [];
  return {
    ...nodeFileSystem,
    ranges,
    stat: async () => ({ size: content.length, mtimeMs: 0, isFile: () => true }),
    open: async () => ({
      read: async (buffer, offset, length, position) => {
        const part = content.subarray(position, position + Math.min(length, most));
        buffer.set(part, offset);
        ranges.push([position, position + part.length]);
        return { bytesRead: part.length };
      },
      write: () => Promise.reject(new Error('not in this test')),
      sync: async () => {},
      close: async () => {},
    }),
  };
}

/** A file of the given header and content. */
function file(header: object | string, content: Uint8Array): Uint8Array {
  const text = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + text.length + content.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  bytes.set(content, 8 + text.length);
  return bytes;
}

type Description = { dtype: string; shape: number[]; data_offsets: [number, number] };
const layout: Record<string, Description> = {
  weight: { dtype: 'F32', shape: [2, 2], data_offsets: [0, 16] },
  ids: { dtype: 'I32', shape: [2], data_offsets: [16, 24] },
  half: { dtype: 'F16', shape: [3], data_offsets: [24, 30] },
  brain: { dtype: 'BF16', shape: [1, 2], data_offsets: [30, 34] },
  long: { dtype: 'I64', shape: [1], data_offsets: [34, 42] },
  mask: { dtype: 'BOOL', shape: [3], data_offsets: [42, 45] },
  none: { dtype: 'F32', shape: [0, 4], data_offsets: [45, 45] },
};
const content = Uint8Array.from({ length: 45 }, (_, i) => (i < 37 ? (i * 37) % 251 : i < 42 ? 0 : i % 2));
const healthy = file({ __metadata__: { format: 'pt' }, ...layout }, content);

/** What a file holds by the plainest reading: every number of every tensor of the header, from its place. */
function plainly(bytes: Uint8Array): Map<string, { shape: number[]; values: number[] }> {
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length))) as Record<string, Description>;
  const view = new DataView(bytes.buffer, bytes.byteOffset + 8 + length);
  const element: Record<string, [number, (at: number) => number | bigint]> = {
    F32: [4, (at) => view.getFloat32(at, true)],
    F64: [8, (at) => Math.fround(view.getFloat64(at, true))],
    F16: [2, (at) => float16(view.getUint16(at, true))],
    BF16: [2, (at) => bfloat16(view.getUint16(at, true))],
    I8: [1, (at) => view.getInt8(at)],
    U8: [1, (at) => view.getUint8(at)],
    I16: [2, (at) => view.getInt16(at, true)],
    U16: [2, (at) => view.getUint16(at, true)],
    I32: [4, (at) => view.getInt32(at, true)],
    U32: [4, (at) => view.getUint32(at, true)],
    I64: [8, (at) => view.getBigInt64(at, true)],
    U64: [8, (at) => view.getBigUint64(at, true)],
    F8_E5M2: [1, (at) => float16(view.getUint8(at) << 8)],
    BOOL: [1, (at) => view.getUint8(at)],
  };
  const entries = Object.entries(header).filter(([name]) => name !== '__metadata__');
  return new Map(
    entries.map(
      ([
        name,
        {
          dtype,
          shape,
          data_offsets: [begin],
        },
      ]) => {
        const [size, at] = element[dtype]!;
        const count = shape.reduce((a, b) => a * b, 1);
        return [name, { shape, values: Array.from({ length: count }, (_, i) => Number(at(begin + i * size))) }];
      },
    ),
  );
}

const flat = ({ tensors }: SafetensorsFile): Map<string, unknown> =>
  new Map([...tensors].map(([name, { shape, data }]) => [name, { shape, values: [...data] }]));

describe('readSafetensorsFile', () => {
  it('gives what decodeSafetensors gives, however little the disk gives at a time', async () => {
    const expected = decodeSafetensors(healthy);
    expect(flat(expected)).toEqual(plainly(healthy));
    for (const most of [1, 3, 8, 1000]) {
      expect(await readSafetensorsFile('x', { fileSystem: holding(healthy, most) })).toEqual(expected);
    }
  });

  it('does not touch the bytes of tensors that are not wanted', async () => {
    const fileSystem = holding(healthy);
    const { tensors } = await readSafetensorsFile('x', { fileSystem, only: (name) => name === 'ids' });
    expect([...tensors.keys()]).toEqual(['ids']);
    const start = healthy.length - content.length;
    expect(fileSystem.ranges).toEqual([
      [0, 8],
      [8, start],
      [start + 16, start + 24],
    ]);
  });

  it('converts numbers of tensors that are larger than a piece', async () => {
    const count = 9_000_001; // 18 MB; pieces have 16
    const halves = new Uint16Array(count).map((_, i) => (i * 7) & 0x7bff);
    const bytes = file({ x: { dtype: 'F16', shape: [count], data_offsets: [0, 2 * count] } }, new Uint8Array(halves.buffer));
    const { data } = (await readSafetensorsFile('x', { fileSystem: holding(bytes) })).tensors.get('x')!;
    for (const i of [0, 1, 8_388_607, 8_388_608, 8_388_609, count - 1]) expect(data[i]).toBe(float16(halves[i]!));
    expect(data.length).toBe(count);
  });

  it('names the file, the tensor and the number of what does not fit', async () => {
    const bytes = file({ x: { dtype: 'I64', shape: [2], data_offsets: [0, 16] } }, new Uint8Array(16).fill(255, 8, 15));
    await expect(readSafetensorsFile('far/x', { fileSystem: holding(bytes) })).rejects.toThrow(
      /readSafetensorsFile: far\/x has tensor "x" of I64 whose element 1 is 72057594037927935: not a int32/,
    );
  });

  it('a file that shrinks while it is read is an error', async () => {
    const shrunk: FileSystem = {
      ...holding(healthy.subarray(0, healthy.length - 1)),
      stat: async () => ({ size: healthy.length, mtimeMs: 0, isFile: () => true }),
    };
    await expect(readSafetensorsFile('x', { fileSystem: shrunk })).rejects.toMatchObject({ code: 'io' });
  });

  it('a header of more than 100 MB is refused before it is read', async () => {
    const start = new Uint8Array(8);
    new DataView(start.buffer).setBigUint64(0, 100_000_001n, true);
    const fileSystem: FileSystem & { ranges: unknown[] } = {
      ...holding(start),
      stat: async () => ({ size: 2 ** 40, mtimeMs: 0, isFile: () => true }),
    };
    await expect(readSafetensorsFile('x', { fileSystem })).rejects.toThrow(/header of 100000001 bytes, more than/);
    expect(fileSystem.ranges).toEqual([[0, 8]]);
  });

  /** Damage of bytes anywhere, and of the header's numbers and words, which bytes alone seldom reach. */
  const position = fc.nat(healthy.length - 1);
  const headerLength = healthy.length - content.length - 8;
  const header = new TextDecoder().decode(healthy.subarray(8, 8 + headerLength));
  const swapped = (pattern: RegExp, texts: fc.Arbitrary<string>): fc.Arbitrary<Uint8Array> => {
    const places = [...header.matchAll(pattern)];
    return fc.tuple(fc.constantFrom(...places), texts).map(([{ 0: found, index }, text]) => {
      return file(header.slice(0, index) + text + header.slice(index + found.length), content);
    });
  };
  const words = ['F32', 'F64', 'F16', 'BF16', 'I64', 'U64', 'I32', 'U32', 'I16', 'U16', 'I8', 'U8', 'BOOL', 'F8_E5M2'];
  const damage = fc.oneof(
    fc.tuple(position, fc.nat(255)).map(([at, byte]) => healthy.with(at, byte)),
    fc.tuple(position, fc.nat(7)).map(([at, bit]) => healthy.with(at, healthy[at]! ^ (1 << bit))),
    position.map((length) => healthy.slice(0, length)),
    fc.tuple(position, position).map(([a, b]) => new Uint8Array([...healthy.subarray(0, a), ...healthy.subarray(b)])),
    fc.tuple(position, fc.uint8Array({ maxLength: 20 })).map(([at, more]) => {
      return new Uint8Array([...healthy.subarray(0, at), ...more, ...healthy.subarray(at)]);
    }),
    fc.uint8Array({ maxLength: 100 }),
    swapped(
      /\d+/g,
      fc.oneof(fc.nat(50).map(String), fc.constantFrom('-1', '0.5', '1e99', '9007199254740993', 'null', '[]', '""')),
    ),
    swapped(/[A-Z]+\d*/g, fc.constantFrom(...words)),
    swapped(
      /"[a-z_]+"/g,
      fc.constantFrom('"weight"', '"ids"', '"__proto__"', '"__metadata__"', '"dtype"', '"shape"', '"\\u0069ds"'),
    ),
    swapped(/[{}[\],:]/g, fc.constantFrom('{', '}', '[', ']', ',', ':', '', '[[', '{}')),
  );

  it('10,000 damaged files are refused with an error, or hold what their bytes say, as decodeSafetensors finds too', async () => {
    const original = plainly(healthy);
    let refused = 0;
    let loaded = 0;
    await fc.assert(
      fc.asyncProperty(damage, async (bytes) => {
        const fileSystem = holding(bytes);
        const read = await readSafetensorsFile('x', { fileSystem }).catch((error: unknown) => error);
        if (read instanceof Error) {
          expect(GmlpError.isInstance(read) && read.code).toBe('invalid-data');
          expect(() => decodeSafetensors(bytes)).toThrow();
          refused++;
          return;
        }
        expect(read).toEqual(decodeSafetensors(bytes));
        const found = flat(read as SafetensorsFile);
        // Damaged numbers cannot be told from others; but nothing is read that the bytes do not say, and nothing twice.
        expect(found).toEqual(plainly(bytes));
        const start = 8 + headerLength;
        if (bytes.length === healthy.length && Buffer.compare(bytes.subarray(0, start), healthy.subarray(0, start)) === 0) {
          expect([...found.keys()]).toEqual([...original.keys()]);
        }
        loaded++;
      }),
      { numRuns: 10_000 },
    );
    expect(refused).toBeGreaterThan(1000);
    expect(loaded).toBeGreaterThan(100);
  });
});

describe('on the disk', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'gmlp-safetensors-'));
  });
  afterEach(() => rm(directory, { recursive: true }));

  const tensors = new Map<string, HostArray>([
    ['w', hostArray('float32', [2, 3], Float32Array.of(1, -0, 3, Number.NaN, 5, 6))],
    ['ids', hostArray('int32', [2], Int32Array.of(-1, 2))],
    ['words', hostArray('uint32', [], Uint32Array.of(2 ** 32 - 1))],
    ['mask', hostArray('bool', [3], Uint8Array.of(1, 0, 1))],
    ['none', hostArray('float32', [0], new Float32Array())],
  ]);

  it('writeSafetensorsFile writes the bytes of encodeSafetensors, and nothing beside them', async () => {
    const path = join(directory, 'x.safetensors');
    const metadata = new Map([['note', 'ä']]);
    await writeSafetensorsFile(path, tensors, { metadata });
    expect(new Uint8Array(await readFile(path))).toEqual(encodeSafetensors(tensors, metadata));
    expect(await readdir(directory)).toEqual(['x.safetensors']);
    const read = await readSafetensorsFile(path);
    expect(new Map([...read.tensors].sort())).toEqual(new Map([...tensors].sort()));
    expect(read.metadata).toEqual(metadata);
  });

  it('inspectSafetensorsFile tells names, types and shapes from the header alone', async () => {
    const path = join(directory, 'x.safetensors');
    await writeFile(path, healthy);
    const { tensors: found, metadata } = await inspectSafetensorsFile(path);
    const expected = Object.entries(layout).map(
      ([
        name,
        {
          dtype,
          shape,
          data_offsets: [begin, end],
        },
      ]) => {
        return [name, { dtype, shape, bytes: end - begin }] as const;
      },
    );
    expect(found).toEqual(new Map(expected));
    expect(metadata).toEqual(new Map([['format', 'pt']]));
    const fileSystem = holding(healthy);
    await inspectSafetensorsFile(path, { fileSystem });
    expect(Math.max(...fileSystem.ranges.map(([, end]) => end))).toBe(healthy.length - content.length);
  });

  it('a missing file and a folder are errors that say so', async () => {
    await expect(readSafetensorsFile(join(directory, 'none'))).rejects.toMatchObject({ code: 'not-found' });
    await expect(readSafetensorsFile(directory)).rejects.toThrow(/it is not a file/);
  });
});
