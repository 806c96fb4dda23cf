import { parquetWriteBuffer } from 'hyparquet-writer';
import { expect, test } from 'vitest';
import { jpeg } from './make-tar.ts';
import type { ParquetValue } from './parquet-decode.ts';
import { parquetColumn, parquetHead } from './parquet-thread.ts';

const data = Array.from({ length: 12 }, (_, i) => ({ bytes: new Uint8Array(jpeg(`row ${i}`)), path: null }));
const schema = [
  { name: 'root', num_children: 2 },
  { name: 'image', num_children: 2, repetition_type: 'OPTIONAL' as const },
  { name: 'bytes', type: 'BYTE_ARRAY' as const, repetition_type: 'OPTIONAL' as const },
  { name: 'path', type: 'BYTE_ARRAY' as const, converted_type: 'UTF8' as const, repetition_type: 'OPTIONAL' as const },
  { name: 'label', type: 'INT64' as const },
];
const columnData = [
  { name: 'image', data },
  { name: 'label', data: data.map((_, i) => BigInt(i)) },
];
const whole = new Uint8Array(parquetWriteBuffer({ schema, columnData, rowGroupSize: 5 }));
const footer = whole.subarray(whole.length - 8 - new DataView(whole.buffer).getUint32(whole.length - 8, true));

async function column(bytes: Uint8Array, name: string): Promise<readonly ParquetValue[]> {
  const { groups } = await parquetHead(footer);
  const chunks = groups[0]!.chunks.filter((chunk) => chunk.column === name);
  const [start, end] = [Math.min(...chunks.map((chunk) => chunk.start)), Math.max(...chunks.map((chunk) => chunk.end))];
  return parquetColumn({ footer, column: name, firstRow: 0, rows: 5, bytes: bytes.subarray(start, end), start });
}

test('the head and the columns, asked for at once', async () => {
  const [head, images, labels] = await Promise.all([parquetHead(footer), column(whole, 'image'), column(whole, 'label')]);
  expect([head.columns, head.groups.length, head.groups[0]?.rows]).toEqual([['image', 'label'], 3, 5]);
  expect(images).toEqual(data.slice(0, 5).map(({ bytes }) => bytes));
  expect(labels).toEqual([0n, 1n, 2n, 3n, 4n]);
});

test('bytes on which the decoder loops for ever are an error, and the next file is read', async () => {
  const looping = whole.slice();
  looping[13] = 128; // in the head of the first page
  await expect(column(looping, 'image')).rejects.toThrow(/nothing came of its bytes in 30\d\d ms/);
  expect((await column(whole, 'label')).length).toBe(5);
});

test('a head without a name is an error, whatever byte of it is changed', async () => {
  for (let at = 0; at < footer.length - 8; at++) {
    const changed = footer.slice();
    changed[at]! ^= 0xfc;
    const head = await parquetHead(changed).catch((error: unknown) => error);
    if (head instanceof Error) continue;
    const { columns, groups } = head as Awaited<ReturnType<typeof parquetHead>>;
    const names = [...columns, ...groups.flatMap(({ chunks }) => chunks.map(({ column: name }) => name))];
    expect(names.every((name) => typeof name === 'string')).toBe(true);
  }
});
