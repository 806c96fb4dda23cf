/** The texts of one column of a parquet file, row group by row group: memory holds one group of one column. */
import { GmlpError } from '@gmlp/base';
import { type ByteSource, openBytes } from '@gmlp/base/node';
import type { TextDocument } from '../../text-document.ts';
import { badRecords } from '../bad-records.ts';
import type { ReadSourceOptions } from './read-source-options.ts';

export interface ParquetOptions {
  /** `text` by default. */
  readonly column?: string | undefined;
}

/** Of one column of one group, unpacked. Writers make groups of a few megabytes. */
const mostGroupBytes = 2 ** 28;

/** Needs the packages hyparquet and hyparquet-compressors. A record is a row; one without a text is a bad one. */
export async function* readParquetText(
  path: string,
  { column = 'text' }: ParquetOptions,
  { onBadRecord, onBytes, http }: ReadSourceOptions,
): AsyncGenerator<TextDocument, void, undefined> {
  const { parquetMetadataAsync, parquetReadObjects, compressors } = await parquet();
  const source = await openBytes('readParquetText', path, http);
  const { name: file, size } = source;
  const bad = badRecords('readParquetText', onBadRecord);
  const fail = (problem: string, fields: object = {}, cause?: unknown): GmlpError =>
    new GmlpError('invalid-data', `readParquetText: ${file}${problem}`, { file, ...fields }, { cause });
  try {
    const bytes = asyncBuffer(source);
    const metadata = await parquetMetadataAsync(bytes).catch((cause: unknown) => {
      throw GmlpError.isInstance(cause)
        ? cause
        : fail(`: it is no parquet file, or damaged (${(cause as Error).message})`, {}, cause);
    });
    let record = 0;
    for (const { num_rows: count, columns } of metadata.row_groups) {
      const rows = Number(count);
      const chunk = columns.find(({ meta_data: meta }) => meta?.path_in_schema[0] === column)?.meta_data;
      if (chunk === undefined) {
        const names = metadata.schema.filter(({ num_children: children }) => children === undefined).map(({ name }) => name);
        throw fail(` has no column "${column}"; it has ${names.join(', ')}`);
      }
      const unpacked = Number(chunk.total_uncompressed_size);
      if (!(unpacked <= mostGroupBytes)) {
        throw fail(
          `, record ${record}: a group of ${rows} rows takes ${unpacked} bytes, at most ${mostGroupBytes} are read at once; write it with smaller row groups`,
          { record },
        );
      }
      let found: readonly Record<string, unknown>[];
      try {
        const range = { rowStart: record, rowEnd: record + rows };
        found = await parquetReadObjects({ file: bytes, metadata, columns: [column], ...range, compressors });
      } catch (cause) {
        if (GmlpError.isInstance(cause)) throw cause;
        throw fail(`, records ${record} to ${record + rows - 1}: damaged (${(cause as Error).message})`, { record }, cause);
      }
      if (found.length !== rows)
        throw fail(`, record ${record}: ${found.length} rows where its metadata says ${rows}`, { record });
      for (const row of found) {
        const text = row[column];
        if (typeof text === 'string') yield { text, timestamp: null, url: null, source: { file, record } };
        else
          bad.report(
            'no text',
            file,
            record,
            `expected a text in column "${column}", got ${text === null ? 'null' : typeof text}`,
          );
        record++;
      }
      onBytes?.(Number(chunk.data_page_offset) + Number(chunk.total_compressed_size), size);
    }
    onBytes?.(size, size);
  } finally {
    await source.close();
  }
}

async function parquet() {
  try {
    const [reader, { compressors }] = await Promise.all([import('hyparquet'), import('hyparquet-compressors')]);
    return { ...reader, compressors };
  } catch (cause) {
    const problem =
      'parquet files need the packages hyparquet and hyparquet-compressors; try: npm install hyparquet hyparquet-compressors';
    throw new GmlpError('not-found', `readParquetText: ${problem}`, {}, { cause });
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
