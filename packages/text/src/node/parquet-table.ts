/** A parquet file, row group by row group: memory holds one group of the columns that are asked for. */
import { GmlpError, listedNames } from '@gmlp/base';
import { type ByteSource, type HttpOptions, openBytes } from '@gmlp/base/node';

export interface ParquetTable {
  /** For errors. */
  readonly file: string;
  readonly size: number;
  /** Of its columns. */
  readonly names: readonly string[];
  /** `readTo` is the end of what was read of the file. */
  groups(columns: readonly string[]): AsyncGenerator<ParquetGroup, void, undefined>;
  close(): Promise<void>;
}

export interface ParquetGroup {
  /** The number of its first row. */
  readonly record: number;
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  readonly readTo: number;
}

/** Of the columns of one group, unpacked. Writers make groups of a few megabytes. */
const mostGroupBytes = 2 ** 28;

/** Needs the packages hyparquet and hyparquet-compressors. `where` names the caller in errors. */
export async function openParquetTable(where: string, path: string, http?: HttpOptions): Promise<ParquetTable> {
  const { parquetMetadataAsync, parquetReadObjects, compressors } = await parquet(where);
  const source = await openBytes(where, path, http);
  const { name: file, size } = source;
  const fail = (problem: string, fields: object = {}, cause?: unknown): GmlpError =>
    new GmlpError('invalid-data', `${where}: ${file}${problem}`, { file, ...fields }, { cause });
  const bytes = asyncBuffer(source);
  const metadata = await parquetMetadataAsync(bytes).catch(async (cause: unknown) => {
    await source.close();
    throw GmlpError.isInstance(cause)
      ? cause
      : fail(`: it is no parquet file, or damaged (${(cause as Error).message})`, {}, cause);
  });
  const names = metadata.schema.filter(({ num_children: children }) => children === undefined).map(({ name }) => name);
  return {
    file,
    size,
    names,
    async *groups(columns) {
      let record = 0;
      for (const { num_rows: count, columns: chunks } of metadata.row_groups) {
        const rows = Number(count);
        const own = columns.map((column) => {
          const chunk = chunks.find(({ meta_data: meta }) => meta?.path_in_schema[0] === column)?.meta_data;
          if (chunk === undefined) throw fail(` has no column "${column}"; it has ${listedNames(names)}`);
          return chunk;
        });
        const unpacked = own.reduce((sum, { total_uncompressed_size: each }) => sum + Number(each), 0);
        if (!(unpacked <= mostGroupBytes)) {
          throw fail(
            `, record ${record}: a group of ${rows} rows takes ${unpacked} bytes, at most ${mostGroupBytes} are read at once; write it with smaller row groups`,
            { record },
          );
        }
        let found: readonly Record<string, unknown>[];
        try {
          const range = { rowStart: record, rowEnd: record + rows };
          found = await parquetReadObjects({ file: bytes, metadata, columns: [...columns], ...range, compressors });
        } catch (cause) {
          if (GmlpError.isInstance(cause)) throw cause;
          throw fail(`, records ${record} to ${record + rows - 1}: damaged (${(cause as Error).message})`, { record }, cause);
        }
        if (found.length !== rows)
          throw fail(`, record ${record}: ${found.length} rows where its metadata says ${rows}`, { record });
        const ends = own.map((chunk) => Number(chunk.data_page_offset) + Number(chunk.total_compressed_size));
        yield { record, rows: found, readTo: Math.max(...ends) };
        record += rows;
      }
    },
    close: () => source.close(),
  };
}

async function parquet(where: string) {
  try {
    const [reader, { compressors }] = await Promise.all([import('hyparquet'), import('hyparquet-compressors')]);
    return { ...reader, compressors };
  } catch (cause) {
    const problem =
      'parquet files need the packages hyparquet and hyparquet-compressors; try: npm install hyparquet hyparquet-compressors';
    throw new GmlpError('not-found', `${where}: ${problem}`, {}, { cause });
  }
}

function asyncBuffer(source: ByteSource) {
  return {
    byteLength: source.size,
    slice: async (start: number, end: number = source.size): Promise<ArrayBuffer> => {
      const from = start < 0 ? Math.max(0, source.size + start) : start;
      return (await source.read(from, Math.min(end, source.size) - from)).buffer;
    },
  };
}
