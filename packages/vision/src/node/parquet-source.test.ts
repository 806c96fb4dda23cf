import { key } from '@gmlp/base';
import { serveRanges } from '@gmlp/testing';
import { parquetMetadata } from 'hyparquet';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { expect, test } from 'vitest';
import { imagesInOrder } from '../images-in-order.ts';
import { jpeg } from './make-tar.ts';
import { markOf, opened, readAll } from './read-all.ts';
import { temporaryFolder } from './temporary-folder.ts';

const { at, write } = temporaryFolder();

interface Row {
  readonly image: unknown;
  readonly label: number | null;
}

const row = (mark: string, label: number | null): Row => ({ image: { bytes: jpeg(mark), path: `${mark}.jpg` }, label });

/** A file as Hugging Face's `datasets` writes them. */
function parquet(
  rows: readonly Row[],
  { names, rowGroupSize = 4, columns = ['image', 'label'] }: { names?: string[]; rowGroupSize?: number; columns?: string[] } = {},
): Buffer {
  const info = { info: { features: { label: { names, _type: 'ClassLabel' }, image: { _type: 'Image' } } } };
  const schema = [
    { name: 'root', num_children: 2 },
    { name: columns[0]!, num_children: 2, repetition_type: 'OPTIONAL' as const },
    { name: 'bytes', type: 'BYTE_ARRAY' as const, repetition_type: 'OPTIONAL' as const },
    { name: 'path', type: 'BYTE_ARRAY' as const, converted_type: 'UTF8' as const, repetition_type: 'OPTIONAL' as const },
    { name: columns[1]!, type: 'INT64' as const, repetition_type: 'OPTIONAL' as const },
  ];
  return Buffer.from(
    parquetWriteBuffer({
      schema,
      columnData: [
        { name: columns[0]!, data: rows.map(({ image }) => image) },
        { name: columns[1]!, data: rows.map(({ label }) => (label === null ? null : BigInt(label))) },
      ],
      rowGroupSize,
      kvMetadata: names === undefined ? [] : [{ key: 'huggingface', value: JSON.stringify(info) }],
    }),
  );
}

const many = (count: number): Row[] => Array.from({ length: count }, (_, i) => row(`row ${i}`, i % 3));

test('rows of several files in order, with the names that the file gives its classes', async () => {
  await write('d/train-00000-of-00002.parquet', parquet(many(10), { names: ['ape', 'bee', 'cat'] }));
  await write('d/train-00001-of-00002.parquet', parquet([row('last', 2)], { names: ['ape', 'bee', 'cat'] }));
  const { samples, ids, source } = await readAll({ format: 'parquet', path: at('d') });
  expect(ids).toEqual(['ape', 'bee', 'cat']);
  expect(samples).toEqual([...Array.from({ length: 10 }, (_, i) => [ids[i % 3], `row ${i}`]), ['cat', 'last']]);
  expect(source.blocks).toEqual([0, 4, 8, 10]);
});

test('in a random order each row group is read once, and each row comes once', async () => {
  const file = parquet(many(400), { rowGroupSize: 10 });
  let [bytes, begun] = [0, false];
  const server = await serveRanges({ 'a.parquet': file }, (_, __, start, end) => {
    if (begun) bytes += end - start + 1;
    return false;
  });
  const source = await opened({ format: 'parquet', path: `${server.url}/a.parquet` });
  begun = true;
  const marks: string[] = [];
  for await (const { image } of imagesInOrder(source, key(1), { epochs: 1 })) marks.push(markOf(image));
  await source.close();
  await server.close();
  expect(new Set(marks)).toEqual(new Set(many(400).map((_, i) => `row ${i}`)));
  expect(marks.length).toBe(400);
  expect(bytes).toBeLessThan(file.length);
});

test('rows without a label or an image are told with their number', async () => {
  const path = await write(
    'a.parquet',
    parquet([
      row('0', 0),
      row('1', null),
      { image: null, label: 1 },
      { image: { bytes: null, path: 'cat.jpg' }, label: 1 },
      row('4', -1),
      { image: { bytes: Buffer.from('text'), path: null }, label: 2 },
    ]),
  );
  const source = await opened({ format: 'parquet', path }, { onBad: 'skip' });
  expect([source.count, source.skipped]).toEqual([
    4,
    new Map([
      ['no label', 1],
      ['unknown class', 1],
    ]),
  ]);
  expect(markOf(await source.read(0))).toBe('0');
  await expect(source.read(1)).rejects.toThrow(`${path}, byte 2, row 2: no image (its image has no bytes)`);
  await expect(source.read(2)).rejects.toThrow('only the path "cat.jpg"');
  await expect(source.read(3)).rejects.toThrow('not an image (it is text that begins with "text")');
  const read = imagesInOrder(source, null, { epochs: 1, onBad: 'skip' });
  const places: number[] = [];
  for await (const { place } of read) places.push(place);
  expect([places, read.skipped()]).toEqual([
    [0],
    new Map([
      ['no image', 2],
      ['not an image', 1],
    ]),
  ]);
  await source.close();
  await expect(opened({ format: 'parquet', path })).rejects.toThrow('byte 1, row 1: no label (its label is null)');
});

test('columns of other names', async () => {
  const path = await write('a.parquet', parquet(many(3), { columns: ['img', 'fine_label'] }));
  await expect(opened({ format: 'parquet', path })).rejects.toThrow(
    'has no column "image"; it has img, fine_label: name the right one as imageColumn',
  );
  expect((await readAll({ format: 'parquet', path, imageColumn: 'img', labelColumn: 'fine_label' })).samples.length).toBe(3);
});

test('a list of classes is stronger than the names in the file', async () => {
  const path = await write('a.parquet', parquet(many(3), { names: ['x', 'y', 'z'] }));
  const { ids, bad } = await readAll({ format: 'parquet', path, classes: ['a', 'b'] });
  expect([ids, bad.map(({ reason }) => reason)]).toEqual([['a', 'b'], ['unknown class']]);
});

test('what is no parquet file, and one that is cut', async () => {
  const whole = parquet(many(10));
  for (const bytes of [Buffer.from('PAR1'), Buffer.alloc(100), whole.subarray(0, -10), Buffer.alloc(0)]) {
    const path = await write('a.parquet', bytes);
    await expect(opened({ format: 'parquet', path })).rejects.toMatchObject({
      code: 'invalid-data',
      message: expect.stringContaining(path),
    });
  }
});

test('a row group that is damaged takes no other with it', async () => {
  const whole = parquet(many(12), { names: ['a', 'b', 'c'] });
  const damaged = Buffer.from(whole);
  const place = Number(parquetMetadata(whole).row_groups[1]!.columns[0]!.meta_data!.data_page_offset);
  damaged.fill(0xff, place, place + 4);
  const path = await write('a.parquet', damaged);
  const source = await opened({ format: 'parquet', path }, { onBad: 'skip' });
  const read = imagesInOrder(source, null, { epochs: 1, onBad: 'skip' });
  const marks: string[] = [];
  for await (const { image } of read) marks.push(markOf(image));
  expect(marks).toEqual([0, 1, 2, 3, 8, 9, 10, 11].map((i) => `row ${i}`));
  expect(read.skipped()).toEqual(new Map([['damaged', 4]]));
  await expect(source.read(5)).rejects.toThrow(`${path}, byte 5, row 5: damaged (`);
});
