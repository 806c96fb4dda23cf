/** The texts of one column of a parquet file, row group by row group: memory holds one group of one column. */
import type { TextDocument } from '../../text-document.ts';
import { badRecords } from '../bad-records.ts';
import { openParquetTable } from '../parquet-table.ts';
import type { ReadSourceOptions } from './read-source-options.ts';

export interface ParquetOptions {
  /** `text` by default. */
  readonly column?: string | undefined;
}

/** Needs the packages hyparquet and hyparquet-compressors. A record is a row; one without a text is a bad one. */
export async function* readParquetText(
  path: string,
  { column = 'text' }: ParquetOptions,
  { onBadRecord, onBytes, http }: ReadSourceOptions,
): AsyncGenerator<TextDocument, void, undefined> {
  const table = await openParquetTable('readParquetText', path, http);
  const { file, size } = table;
  const bad = badRecords('readParquetText', onBadRecord);
  try {
    for await (const { record: first, rows, readTo } of table.groups([column])) {
      for (const [at, row] of rows.entries()) {
        const [text, record] = [row[column], first + at];
        if (typeof text === 'string') yield { text, timestamp: null, url: null, source: { file, record } };
        else {
          const got = text === null ? 'null' : typeof text;
          bad.report('no text', file, record, `expected a text in column "${column}", got ${got}`);
        }
      }
      onBytes?.(readTo, size);
    }
    onBytes?.(size, size);
  } finally {
    await table.close();
  }
}
