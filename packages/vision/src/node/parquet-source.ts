/**
 * Parquet files as Hugging Face's data sets have them: a column of images, each with its `bytes`, and a column of labels. A row is
 * read with its row group, so the groups are the blocks of the source, and the last few of them stay in memory.
 */
import { createHash } from 'node:crypto';
import { GmlpError, listedNames, plainMessage } from '@gmlp/base';
import type { ByteSource } from '@gmlp/base/node';
import type { BadSamples } from '../bad-samples.ts';
import { expectDistinct } from '../class-list.ts';
import { mixedBlocks } from '../epoch-order.ts';
import type { ImageClass, ImageSource, SampleOrigin } from '../image-source.ts';
import type { FilePool } from './file-pool.ts';
import { encoded, expectSample, mostImageBytes, wrong } from './indexed-source.ts';
import { numberedLabels, unknownClass } from './label-table.ts';
import type { ParquetChunk, ParquetValue } from './parquet-decode.ts';
import { parquetColumn, parquetHead } from './parquet-thread.ts';

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
  readonly chunks: readonly ParquetChunk[];
}

/** A group is held in memory as a whole. */
const mostGroupBytes = 2 ** 30;
const mostHeldBytes = 2 ** 28;
const mostFooterBytes = 2 ** 28;

export async function openParquet(
  pool: FilePool,
  { imageColumn, labelColumn }: ParquetColumns,
  given: readonly ImageClass[] | undefined,
  bad: BadSamples,
  signal: AbortSignal | undefined,
): Promise<ImageSource> {
  const hash = createHash('sha256');
  const footers: Uint8Array[] = [];
  const groups: RowGroup[] = [];
  const rows: { readonly group: number; readonly row: number; readonly label: number }[] = [];
  const blocks: number[] = [];
  let known = given;
  let table = numberedLabels(known);
  for (let file = 0; file < pool.names.length; file++) {
    await pool.use(file, async (bytes) => {
      const footer = await footerOf(bytes);
      const found = await parquetHead(footer).catch(damaged(bytes, 'at its end'));
      expectColumns(found.columns, bytes.name, imageColumn, labelColumn);
      if (known === undefined && rows.length === 0) {
        known = classNames(found.huggingface, labelColumn, bytes.name);
        table = numberedLabels(known);
      }
      footers.push(footer);
      let firstRow = 0;
      for (const { rows: groupRows, ...each } of found.groups) {
        const group: RowGroup = { file, firstRow, rows: groupRows, ...each };
        expectGroup(group, bytes);
        firstRow += group.rows;
        const labels = await columnOf(bytes, footer, group, labelColumn, signal).catch((cause: unknown) => {
          if (!isDamage(cause)) throw cause;
          const rowsOf = `rows ${group.firstRow} to ${group.firstRow + group.rows - 1}`;
          bad.report(
            { file: bytes.name, offset: group.firstRow, key: rowsOf, reason: 'damaged', detail: plainMessage(cause) },
            cause,
          );
          return [];
        });
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
  const held = new Map<number, Promise<readonly ParquetValue[]>>();
  const imagesOf = (number: number): Promise<readonly ParquetValue[]> => {
    const group = groups[number]!;
    const images = held.get(number) ?? pool.use(group.file, (bytes) => columnOf(bytes, footers[group.file]!, group, imageColumn));
    held.delete(number); // to the end, as the one that was used last
    held.set(number, images);
    // What is damaged stays so, and need not be found out for each row.
    images.catch((cause: unknown) => isDamage(cause) || held.delete(number));
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
      const images = await imagesOf(group).catch((cause: unknown) => {
        throw isDamage(cause) ? wrong(from, 'damaged', plainMessage(cause), cause) : cause;
      });
      const image = images[row];
      if (!(image instanceof Uint8Array)) {
        const beside = typeof image === 'string' ? `, ${image}; embed the bytes when the data set is written` : '';
        throw wrong(from, 'no image', `its ${imageColumn} has no bytes${beside}`);
      }
      if (image.length > mostImageBytes) throw wrong(from, 'damaged', `${image.length} bytes, more than an image has`);
      return encoded(image, label, from);
    },
    close: () => pool.close(),
  };
}

const isDamage = (cause: unknown): boolean => GmlpError.isInstance(cause) && cause.code === 'invalid-data';

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
  if (bytes > mostGroupBytes) throw tooLarge(file.name, bytes, firstRow);
}

function expectColumns(columns: readonly string[], file: string, imageColumn: string, labelColumn: string): void {
  for (const [name, option] of [
    [imageColumn, 'imageColumn'],
    [labelColumn, 'labelColumn'],
  ] as const) {
    if (!columns.includes(name))
      throw refuse(file, `has no column "${name}"; it has ${listedNames(columns)}: name the right one as ${option}`);
  }
}

/** Hugging Face's own description of the columns, kept in the file. */
function classNames(text: string | undefined, labelColumn: string, file: string): ImageClass[] | undefined {
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

/** The end of a file, which says what is in it. */
async function footerOf(bytes: ByteSource): Promise<Uint8Array> {
  const cut = 'is no parquet file, or cut short: it does not end with PAR1';
  if (bytes.size < 12) throw refuse(bytes.name, cut);
  const end = Buffer.from(await bytes.read(bytes.size - 8, 8));
  if (end.toString('latin1', 4) !== 'PAR1') throw refuse(bytes.name, cut);
  const length = end.readUInt32LE(0) + 8;
  if (length > Math.min(bytes.size, mostFooterBytes))
    throw refuse(bytes.name, `says that its metadata take ${length} bytes; it is damaged`);
  return bytes.read(bytes.size - length, length);
}

/** One column of a row group. */
async function columnOf(
  bytes: ByteSource,
  footer: Uint8Array,
  group: RowGroup,
  column: string,
  signal?: AbortSignal,
): Promise<readonly ParquetValue[]> {
  const { firstRow, rows } = group;
  const chunks = group.chunks.filter((chunk) => chunk.column === column);
  const [start, end] = [Math.min(...chunks.map((chunk) => chunk.start)), Math.max(...chunks.map((chunk) => chunk.end))];
  if (!(start >= 0 && end <= bytes.size && start <= end))
    throw refuse(bytes.name, `has no bytes of the column ${column} for row ${firstRow}; it is damaged`);
  if (end - start > mostGroupBytes) throw tooLarge(bytes.name, end - start, firstRow);
  const part = await bytes.read(start, end - start, signal);
  const where = `column ${column}, rows ${firstRow} to ${firstRow + rows - 1}`;
  const values = await parquetColumn({ footer, column, firstRow, rows, bytes: part, start }).catch(damaged(bytes, where));
  if (values.length === rows) return values;
  throw refuse(bytes.name, `has ${values.length} rows where ${rows} are said to be, from row ${firstRow} on; it is damaged`);
}

const damaged =
  (bytes: ByteSource, where: string) =>
  (cause: unknown): never => {
    if (GmlpError.isInstance(cause)) throw cause;
    throw refuse(bytes.name, `${where}: ${(cause as Error).message}; it is damaged, or no parquet file`, cause);
  };

const tooLarge = (file: string, bytes: number, firstRow: number): GmlpError =>
  refuse(
    file,
    `has a row group of ${bytes} bytes from row ${firstRow} on, which memory would have to hold; write it with row groups of 100 rows`,
  );

const refuse = (file: string, problem: string, cause?: unknown): GmlpError =>
  new GmlpError('invalid-data', `openImageSource: ${file} ${problem}`, { file }, { cause });
