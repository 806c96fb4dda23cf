/** What a parquet file says, of bytes that are in memory. It runs in a thread of its own, as the decoder may loop on damaged bytes. */
import type { FileMetaData } from 'hyparquet';

export interface ParquetChunk {
  /** The column at the top of the schema. */
  readonly column: string;
  readonly start: number;
  readonly end: number;
}

export interface ParquetHead {
  /** The columns at the top of the schema. */
  readonly columns: readonly string[];
  /** What Hugging Face's libraries have written about the columns. */
  readonly huggingface: string | undefined;
  readonly groups: readonly { readonly rows: number; readonly bytes: number; readonly chunks: readonly ParquetChunk[] }[];
}

/** `footer`: the last bytes of the file, the metadata among them. */
export type ParquetRequest =
  | { readonly kind: 'head'; readonly footer: Uint8Array }
  | {
      readonly kind: 'column';
      readonly footer: Uint8Array;
      readonly column: string;
      readonly firstRow: number;
      readonly rows: number;
      /** The bytes of the file from `start` on that hold the column's part of these rows. */
      readonly bytes: Uint8Array;
      readonly start: number;
    };

/** Of a column of images, their bytes; of numbers, the numbers. A text says what is there instead. */
export type ParquetValue = Uint8Array | number | bigint | string | null;

export async function decodeParquet(request: ParquetRequest): Promise<ParquetHead | readonly ParquetValue[]> {
  const [{ parquetMetadata, parquetReadObjects }, { compressors }] = await Promise.all([
    import('hyparquet'),
    import('hyparquet-compressors'),
  ]);
  const metadata = parquetMetadata(request.footer);
  if (request.kind === 'head') return headOf(metadata);
  const { column, firstRow, rows, bytes, start } = request;
  const slice = (from: number, to: number = start + bytes.length): ArrayBuffer => {
    if (!(from >= start && to <= start + bytes.length && from <= to))
      throw new Error(`bytes ${from} to ${to} are not those of the column`);
    return Uint8Array.from(bytes.subarray(from - start, to - start)).buffer;
  };
  const found = await parquetReadObjects({
    file: { byteLength: start + bytes.length, slice },
    metadata,
    columns: [column],
    rowStart: firstRow,
    rowEnd: firstRow + rows,
    utf8: false,
    compressors,
  });
  return found.map((row: Record<string, unknown>) => cellValue(row[column]));
}

function cellValue(cell: unknown): ParquetValue {
  if (cell === null || cell === undefined) return null;
  if (typeof cell === 'number' || typeof cell === 'bigint' || typeof cell === 'string') return cell;
  const { bytes, path } =
    cell instanceof Uint8Array ? { bytes: cell } : (cell as { readonly bytes?: unknown; readonly path?: unknown });
  if (bytes instanceof Uint8Array) return Uint8Array.from(bytes); // of its own: what it lies in is as large as its group
  return typeof path === 'string' ? `only the path ${JSON.stringify(path)}` : null;
}

function headOf({ schema, row_groups: groups, key_value_metadata: pairs = [] }: FileMetaData): ParquetHead {
  const columns: string[] = [];
  for (let at = 1; at < schema.length; at = behind(schema, at)) columns.push(named(schema[at]?.name));
  return {
    columns,
    huggingface: pairs
      .map(({ key, value }) => (key === 'huggingface' ? named(value) : undefined))
      .find((value) => value !== undefined),
    groups: groups.map(({ num_rows, total_byte_size, columns: chunks }) => ({
      rows: Number(num_rows),
      bytes: Number(total_byte_size),
      chunks: chunks.map(({ meta_data: meta }) => {
        if (meta === undefined) throw new Error('a column has no metadata');
        const start = Number(meta.dictionary_page_offset || meta.data_page_offset);
        return { column: named(meta.path_in_schema[0]), start, end: start + Number(meta.total_compressed_size) };
      }),
    })),
  };
}

/** What damage leaves out is not there, whatever the declarations of the decoder say. */
function named(text: unknown): string {
  if (typeof text === 'string') return text;
  throw new Error('a name is missing in its metadata');
}

/** The schema is a tree, written root first: where the element after this one and all below it stands. */
function behind(schema: FileMetaData['schema'], at: number): number {
  let next = at + 1;
  for (let child = 0; child < (schema[at]?.num_children ?? 0) && next < schema.length; child++) next = behind(schema, next);
  return next;
}
