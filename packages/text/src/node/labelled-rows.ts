/** The rows of a file of classified texts, whatever its format: the names of its columns, and the values of each row by them. */
import { GmlpError } from '@gmlp/base';
import { csvFields } from '../labelled/csv-fields.ts';
import type { LabelledColumns, NumberedColumns } from '../labelled/labelled-text.ts';
import type { BadRecordReason } from './bad-records.ts';
import { type ByteRecord, type LineFormat, labelledLines } from './labelled-lines.ts';
import type { ParquetTable } from './parquet-table.ts';

/** What is wrong with a record. */
export interface WrongRow {
  readonly reason: BadRecordReason;
  readonly detail: string;
  readonly cause?: unknown;
}

/** The values of a row by the names of its columns. */
export type LabelledRow = { readonly value: (name: string) => unknown } | WrongRow;

export interface LabelledRows {
  /** Of the columns; of JSON lines those of the first object. Of columns without names their places, from `'0'` on. */
  readonly names: readonly string[];
  /** In their order, each with its number; only these columns are asked for. An empty line is no row, and counts. */
  rows(columns: readonly string[]): AsyncIterable<NumberedRow>;
}

interface NumberedRow {
  readonly record: number;
  readonly row: LabelledRow;
}

export interface LineRowsOptions {
  readonly path: string;
  readonly format: LineFormat;
  readonly maxBytes: number;
  readonly columns: LabelledColumns;
  readonly numbered: NumberedColumns | undefined;
}

/** Errors: `invalid-data` where the first line of TSV or CSV cannot be read, as it says what the others are. */
export async function lineRows(chunks: AsyncIterable<Uint8Array>, options: LineRowsOptions): Promise<LabelledRows> {
  const { path, format, maxBytes } = options;
  const lines = labelledLines(chunks, format, maxBytes);
  if (format === 'text') return { names: [plainColumn], rows: () => plainRows(lines, maxBytes) };
  return format === 'jsonl' ? jsonRows(lines, maxBytes) : fieldRows(lines, { ...options, path, format });
}

/** The one column of lines that are texts. */
export const plainColumn = 'text';

async function* plainRows(lines: AsyncIterable<ByteRecord>, maxBytes: number): AsyncGenerator<NumberedRow, void, undefined> {
  let record = 0;
  for await (const line of lines) {
    const number = record++;
    if ('bytes' in line && isEmpty(line.bytes)) continue;
    const text = textOf(line, maxBytes);
    yield { record: number, row: typeof text === 'string' ? { value: () => text } : text };
  }
}

async function fieldRows(
  lines: AsyncGenerator<ByteRecord, void, undefined>,
  { path, format, maxBytes, columns, numbered }: LineRowsOptions,
): Promise<LabelledRows> {
  const fieldsOf = (line: ByteRecord): readonly string[] | WrongRow => {
    const text = textOf(line, maxBytes);
    if (typeof text !== 'string') return text;
    if (format === 'tsv') return text.split('\t');
    return csvFields(text) ?? { reason: 'broken quotes', detail: 'a quotation mark stands inside a field, or behind its end' };
  };
  const first = await lines.next();
  const found = first.done ? undefined : fieldsOf(first.value);
  if (found !== undefined && !isFields(found)) {
    throw new GmlpError('invalid-data', `${path}: its first line cannot be read: ${found.reason} (${found.detail})`, {
      file: path,
    });
  }
  const opening = found ?? [];
  const head = opening.map((name, at) => (at === 0 ? name.replace(/^\ufeff/, '') : name).trim());
  const named = numbered === undefined || columns.first.some((name) => head.includes(name));
  const names = named ? head : Array.from({ length: numbered.width }, (_, at) => `${at}`);
  async function* rows() {
    let record = 0;
    if (!named && opening.length > 0) yield { record: record++, row: rowOf(opening) };
    for await (const line of lines) {
      const number = record++;
      if ('bytes' in line && isEmpty(line.bytes)) continue;
      const fields = fieldsOf(line);
      yield { record: number, row: isFields(fields) ? rowOf(fields) : fields };
    }
  }
  const rowOf = (fields: readonly string[]): LabelledRow =>
    fields.length === names.length
      ? { value: (name) => fields[names.indexOf(name)] }
      : { reason: 'wrong columns', detail: `it has ${fields.length} of them, expected ${names.length}` };
  return { names, rows };
}

const isFields = (found: readonly string[] | WrongRow): found is readonly string[] => Array.isArray(found);

async function jsonRows(lines: AsyncGenerator<ByteRecord, void, undefined>, maxBytes: number): Promise<LabelledRows> {
  const before: NumberedRow[] = [];
  let record = 0;
  // The columns are those of the first object; what is wrong before it is told in its turn.
  async function* all() {
    for await (const line of lines) {
      const number = record++;
      if (!('bytes' in line && isEmpty(line.bytes))) yield { record: number, ...objectOf(line, maxBytes) };
    }
  }
  const found = all();
  let names: readonly string[] = [];
  for (let next = await found.next(); !next.done; next = await found.next()) {
    before.push(next.value);
    if ('value' in next.value.row) names = next.value.names;
    if ('value' in next.value.row || before.length === mostWrongAtFirst) break;
  }
  async function* rows() {
    yield* before;
    for await (const { record, row } of found) yield { record, row };
  }
  return { names, rows };
}

/** A file that begins with so many lines that are no objects has no columns. */
const mostWrongAtFirst = 1000;

function objectOf(line: ByteRecord, maxBytes: number): { readonly names: readonly string[]; readonly row: LabelledRow } {
  const text = textOf(line, maxBytes);
  if (typeof text !== 'string') return { names: [], row: text };
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (cause) {
    return { names: [], row: { reason: 'broken JSON', detail: (cause as Error).message, cause } };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const shown = text.length > 80 ? `${text.slice(0, 80)}…` : text;
    return { names: [], row: { reason: 'no text', detail: `expected an object, got ${shown}` } };
  }
  const object = value as Readonly<Record<string, unknown>>;
  const own = (name: string): unknown => (Object.hasOwn(object, name) ? object[name] : undefined);
  return { names: Object.keys(object), row: { value: own } };
}

/** The rows of a parquet file. */
export async function* parquetRows(
  table: ParquetTable,
  columns: readonly string[],
): AsyncGenerator<NumberedRow, void, undefined> {
  for await (const { record, rows } of table.groups(columns)) {
    for (const [at, row] of rows.entries()) yield { record: record + at, row: { value: (name) => row[name] } };
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Without what ends a line on Windows. */
function textOf(line: ByteRecord, maxBytes: number): string | WrongRow {
  if ('tooLong' in line) return { reason: 'too long', detail: `${line.tooLong} bytes, at most ${maxBytes} are allowed` };
  if ('unclosed' in line) {
    const detail = `a quotation mark opens a field that ${line.unclosed} bytes do not close`;
    return { reason: 'broken quotes', detail };
  }
  const { bytes } = line;
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    return { reason: 'invalid UTF-8', detail: 'it is UTF-16; save it as UTF-8' };
  }
  try {
    return utf8.decode(bytes.at(-1) === 0x0d ? bytes.subarray(0, -1) : bytes);
  } catch (cause) {
    return { reason: 'invalid UTF-8', detail: `somewhere in its ${bytes.length} bytes`, cause };
  }
}

const isEmpty = (bytes: Uint8Array): boolean => bytes.length === 0 || (bytes.length === 1 && bytes[0] === 0x0d);
