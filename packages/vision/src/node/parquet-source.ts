/**
 * Parquet files as Hugging Face's data sets have them: a column of images, each with its `bytes`, and a column of labels. A row is
 * read with its row group, so the groups are the blocks of the source, and the last few of them stay in memory.
 */
import { createHash } from 'node:crypto';
import { GmlpError } from '@gmlp/base';
import type { FileMetaData } from 'hyparquet';
import type { BadSamples } from '../bad-samples.ts';
import { expectDistinct } from '../class-list.ts';
import { mixedBlocks } from '../epoch-order.ts';
import type { ImageClass, ImageSource, SampleOrigin } from '../image-source.ts';
import type { ByteSource } from './byte-source.ts';
import type { FilePool } from './file-pool.ts';
import { encoded, expectSample, mostImageBytes, wrong } from './indexed-source.ts';
import { numberedLabels, unknownClass } from './label-table.ts';

export interface ParquetColumns {
  readonly imageColumn: string;
  readonly labelColumn: string;
}

interface RowGroup {
  readonly file: number;
  /** The first of its rows in the file. */
  readonly firstRow: number;
  readonly rows: number;
  readonly bytes: number;
}

/** A group is held in memory as a whole. */
const mostGroupBytes = 2 ** 30;
const mostHeldBytes = 2 ** 28;

export async function openParquet(
  pool: FilePool,
  { imageColumn, labelColumn }: ParquetColumns,
  given: readonly ImageClass[] | undefined,
  bad: BadSamples,
  signal: AbortSignal | undefined,
): Promise<ImageSource> {
  const parquet = await readParquet();
  const hash = createHash('sha256');
  const metadata: FileMetaData[] = [];
  const groups: RowGroup[] = [];
  const rows: { readonly group: number; readonly row: number; readonly label: number }[] = [];
  const blocks: number[] = [];
  let known = given;
  let table = numberedLabels(known);
  for (let file = 0; file < pool.names.length; file++) {
    await pool.use(file, async (bytes) => {
      const found = await parquet.metadata(bytes);
      expectColumns(found, bytes.name, imageColumn, labelColumn);
      if (known === undefined && rows.length === 0) {
        known = classNames(found, labelColumn, bytes.name);
        table = numberedLabels(known);
      }
      metadata.push(found);
      let firstRow = 0;
      for (const each of found.row_groups) {
        const group: RowGroup = { file, firstRow, rows: Number(each.num_rows), bytes: Number(each.total_byte_size) };
        expectGroup(group, bytes);
        firstRow += group.rows;
        const labels = await parquet.rows(bytes, found, group, labelColumn);
        const start = rows.length;
        for (const [row, value] of labels.entries()) {
          const from = originOf(pool, group, row);
          const label = typeof value === 'number' || typeof value === 'bigint' ? table.numberOf(String(value)) : undefined;
          if (value === null || value === undefined)
            bad.report({ ...from, reason: 'no label', detail: `its ${labelColumn} is null` });
          else if (label === undefined)
            bad.report({ ...from, reason: 'unknown class', detail: unknownClass(String(value), known) });
          else rows.push({ group: groups.length, row, label });
        }
        hash.update(`${group.rows}:${labels.map(String).join()};`);
        if (rows.length > start) blocks.push(start);
        groups.push(group);
      }
    });
    if (signal?.aborted)
      throw new GmlpError('aborted', `openImageSource: ${pool.names[file]}: stopped`, {}, { cause: signal.reason });
  }
  if (rows.length === 0)
    throw new GmlpError('invalid-data', `openImageSource: no row with a label in ${pool.names.slice(0, 3).join(', ')}`);
  const { classes } = table.finish();
  const held = new Map<number, Promise<readonly unknown[]>>();
  const imagesOf = (number: number): Promise<readonly unknown[]> => {
    const group = groups[number]!;
    const images =
      held.get(number) ?? pool.use(group.file, (bytes) => parquet.rows(bytes, metadata[group.file]!, group, imageColumn));
    held.delete(number); // to the end, as the one that was used last
    held.set(number, images);
    images.catch(() => held.delete(number));
    let [total, count] = [0, 0];
    for (const each of [...held.keys()].reverse()) {
      total += groups[each]!.bytes;
      if (count++ > 0 && (count > mixedBlocks + 1 || total > mostHeldBytes)) held.delete(each);
    }
    return images;
  };
  return {
    count: rows.length,
    classes,
    blocks,
    skipped: bad.counts,
    fingerprint: hash.update(JSON.stringify(classes.map(({ id }) => id))).digest('hex'),
    label: (at) => rows[expectSample(at, rows.length)]!.label,
    async read(at) {
      const { group, row, label } = rows[expectSample(at, rows.length)]!;
      const from = originOf(pool, groups[group]!, row);
      const image = (await imagesOf(group))[row];
      const bytes = image instanceof Uint8Array ? image : (image as { readonly bytes?: unknown } | null)?.bytes;
      if (!(bytes instanceof Uint8Array)) {
        const path = (image as { readonly path?: unknown } | null)?.path;
        const beside =
          typeof path === 'string' ? `, only the path ${JSON.stringify(path)}; embed the bytes when the data set is written` : '';
        throw wrong(from, 'no image', `its ${imageColumn} has no bytes${beside}`);
      }
      if (bytes.length > mostImageBytes) throw wrong(from, 'damaged', `${bytes.length} bytes, more than an image has`);
      return encoded(bytes.slice(), label, from); // of its own: what it lies in is as large as its group
    },
    close: () => pool.close(),
  };
}

const originOf = (pool: FilePool, { file, firstRow }: RowGroup, row: number): SampleOrigin => ({
  file: pool.names[file]!,
  offset: firstRow + row,
  key: `row ${firstRow + row}`,
});

function expectGroup({ rows, bytes, firstRow }: RowGroup, file: ByteSource): void {
  const natural = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;
  // A row takes a bit of some page at least; fewer bytes say that the number is damaged.
  if (!natural(rows) || !natural(bytes) || rows > 8 * file.size)
    throw refuse(file.name, `says that a row group has ${rows} rows in ${bytes} bytes; it is damaged`);
  if (bytes > mostGroupBytes) {
    throw refuse(
      file.name,
      `has a row group of ${bytes} bytes from row ${firstRow} on, which memory would have to hold; write it with row groups of 100 rows`,
    );
  }
}

function expectColumns({ schema }: FileMetaData, file: string, imageColumn: string, labelColumn: string): void {
  const names: string[] = [];
  for (let at = 1; at < schema.length; at = behind(schema, at)) names.push(schema[at]!.name);
  for (const [name, option] of [
    [imageColumn, 'imageColumn'],
    [labelColumn, 'labelColumn'],
  ] as const) {
    if (!names.includes(name))
      throw refuse(file, `has no column "${name}"; it has ${names.join(', ')}: name the right one as ${option}`);
  }
}

/** The schema is a tree, written root first: where the element after this one and all below it stands. */
function behind(schema: FileMetaData['schema'], at: number): number {
  let next = at + 1;
  for (let child = 0; child < (schema[at]?.num_children ?? 0) && next < schema.length; child++) next = behind(schema, next);
  return next;
}

/** Hugging Face's own description of the columns, kept in the file. */
function classNames(
  { key_value_metadata: pairs = [] }: FileMetaData,
  labelColumn: string,
  file: string,
): ImageClass[] | undefined {
  const text = pairs.find(({ key }) => key === 'huggingface')?.value;
  if (text === undefined) return undefined;
  let names: unknown;
  try {
    type Described = { info?: { features?: Record<string, { names?: unknown } | undefined> } } | null;
    names = (JSON.parse(text) as Described)?.info?.features?.[labelColumn]?.names;
  } catch {
    return undefined;
  }
  if (!Array.isArray(names) || names.length === 0 || !names.every((name) => typeof name === 'string')) return undefined;
  const classes = names.map((name: string) => ({ id: name, name }));
  expectDistinct(classes, file);
  return classes;
}

interface Parquet {
  metadata(bytes: ByteSource): Promise<FileMetaData>;
  /** One column of a row group. */
  rows(bytes: ByteSource, metadata: FileMetaData, group: RowGroup, column: string): Promise<readonly unknown[]>;
}

/** The two packages are wanted only by those who have such files. */
async function readParquet(): Promise<Parquet> {
  const [{ parquetMetadataAsync, parquetReadObjects }, { compressors }] = await Promise.all([
    import('hyparquet'),
    import('hyparquet-compressors'),
  ]).catch((cause: unknown) => {
    const problem =
      'parquet files need the packages hyparquet and hyparquet-compressors; try: npm install hyparquet hyparquet-compressors';
    throw new GmlpError('not-found', `openImageSource: ${problem}`, {}, { cause });
  });
  const asBuffer = (bytes: ByteSource) => ({
    byteLength: bytes.size,
    slice(start: number, end: number = bytes.size): Promise<ArrayBuffer> {
      const reading = bytes.read(start, end - start).then(({ buffer }) => buffer);
      // hyparquet asks for several parts at once and may give up at the first that fails: nobody then hears of the others.
      reading.catch(() => undefined);
      return reading;
    },
  });
  const damaged =
    (bytes: ByteSource, where: string) =>
    (cause: unknown): never => {
      if (GmlpError.isInstance(cause)) throw cause;
      throw refuse(bytes.name, `${where}: ${(cause as Error).message}; it is damaged, or no parquet file`, cause);
    };
  return {
    metadata: (bytes) => parquetMetadataAsync(asBuffer(bytes)).catch(damaged(bytes, 'at its end')),
    async rows(bytes, metadata, { firstRow, rows }, column) {
      const found = await parquetReadObjects({
        file: asBuffer(bytes),
        metadata,
        columns: [column],
        rowStart: firstRow,
        rowEnd: firstRow + rows,
        utf8: false,
        compressors,
      }).catch(damaged(bytes, `column ${column}, rows ${firstRow} to ${firstRow + rows - 1}`));
      if (found.length !== rows)
        throw refuse(bytes.name, `has ${found.length} rows where ${rows} are said to be, from row ${firstRow} on; it is damaged`);
      return found.map((row: Record<string, unknown>) => row[column]);
    },
  };
}

const refuse = (file: string, problem: string, cause?: unknown): GmlpError =>
  new GmlpError('invalid-data', `openImageSource: ${file} ${problem}`, { file }, { cause });
