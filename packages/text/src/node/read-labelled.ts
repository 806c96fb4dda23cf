/**
 * Texts with their classes from a file: TSV as GLUE has it, CSV, JSON lines, parquet as Hugging Face has it; or texts alone, a line each. Read as a stream; what cannot be used is an error with
 * the file and the number of its record, or left out and counted.
 */
import { extname } from 'node:path';
import { GmlpError, listedNames } from '@gmlp/base';
import { openRegularFile, readFailure } from '@gmlp/base/node';
import { type FoundColumns, findColumns, usualColumns } from '../labelled/labelled-columns.ts';
import type { LabelledColumns, LabelledFormat, LabelledText, NumberedColumns } from '../labelled/labelled-text.ts';
import { type BadRecordReason, badRecords, type OnBadRecord } from './bad-records.ts';
import { type LabelledRow, type LabelledRows, lineRows, parquetRows, plainColumn, type WrongRow } from './labelled-rows.ts';
import { openParquetTable } from './parquet-table.ts';

export interface ReadLabelledOptions {
  /** By the end of the file's name when left out: .tsv, .csv, .jsonl, .ndjson, .json, .parquet, .txt. */
  readonly format?: LabelledFormat | undefined;
  /** The names of the columns; the usual ones when left out. */
  readonly columns?: LabelledColumns | undefined;
  /** Of TSV and CSV: where the columns are if the first line has none of those names. */
  readonly numbered?: NumberedColumns | undefined;
  /** The class of each label, `undefined` for what says that there is none. Any label is one when left out, and no class is given. */
  readonly labels?: ReadonlyMap<string, number | undefined> | undefined;
  /** Whether a text without a label is no record (the default), or has no class. */
  readonly labelled?: boolean;
  readonly onBadRecord?: OnBadRecord;
  /** 1 MiB when left out. */
  readonly maxRecordBytes?: number;
}

/** Classified texts that can say what was left out, and why. */
export interface LabelledStream extends AsyncIterable<LabelledText> {
  skipped(): ReadonlyMap<BadRecordReason, number>;
}

/** The format that the end of a name says, if it says one. */
export function labelledFormatOf(path: string): LabelledFormat | undefined {
  return formats.get(extname(path).toLowerCase());
}

const formats: ReadonlyMap<string, LabelledFormat> = new Map([
  ['.tsv', 'tsv'],
  ['.csv', 'csv'],
  ['.jsonl', 'jsonl'],
  ['.ndjson', 'jsonl'],
  ['.json', 'jsonl'],
  ['.parquet', 'parquet'],
  ['.txt', 'text'],
]);

/**
 * The texts of a file in their order.
 *
 * Errors: `not-found` and `io` for a file that cannot be read; `invalid-argument` for a format that its name does not say;
 * `invalid-data` for columns that it does not have, and, unless `onBadRecord` says otherwise, for the first record that cannot be used.
 */
export function readLabelled(path: string, options: ReadLabelledOptions = {}): LabelledStream {
  const format = options.format ?? labelledFormatOf(path);
  if (format === undefined) {
    const known = listedNames([...formats.keys()]);
    throw new GmlpError(
      'invalid-argument',
      `readLabelled: ${path} is of no known format: expected a name that ends in ${known}`,
      {
        file: path,
      },
    );
  }
  if (format === 'parquet') {
    return labelledStream(path, options, false, async () => {
      const table = await openParquetTable('readLabelled', path);
      return { names: table.names, rows: (columns) => parquetRows(table, columns), close: table.close };
    });
  }
  async function* chunks(): AsyncGenerator<Uint8Array, void, undefined> {
    const { file } = await openRegularFile('readLabelled', path);
    try {
      const stream = file.createReadStream({ highWaterMark: 2 ** 18, autoClose: false, start: 0 });
      for await (const chunk of stream) yield chunk as Buffer;
    } catch (cause) {
      throw readFailure('readLabelled', path, cause);
    } finally {
      await file.close();
    }
  }
  return labelledTexts({ name: path, chunks: chunks() }, { ...options, format });
}

export interface LabelledBytes {
  /** For errors. */
  readonly name: string;
  readonly chunks: AsyncIterable<Uint8Array>;
}

/** The texts of bytes that come from anywhere, as standard input; errors as those of `readLabelled`. */
export function labelledTexts(
  { name: path, chunks }: LabelledBytes,
  options: ReadLabelledOptions & { readonly format: Exclude<LabelledFormat, 'parquet'> },
): LabelledStream {
  const { format, columns = usualColumns, numbered, maxRecordBytes = 2 ** 20 } = options;
  return labelledStream(path, options, format === 'text', async () => ({
    ...(await lineRows(chunks, { path, format, maxBytes: maxRecordBytes, columns, numbered })),
    close: async () => undefined,
  }));
}

function labelledStream(
  path: string,
  { columns, numbered, labels, labelled = true, onBadRecord = 'throw' }: ReadLabelledOptions,
  plain: boolean,
  open: () => Promise<LabelledRows & { close(): Promise<void> }>,
): LabelledStream {
  const bad = badRecords('readLabelled', onBadRecord);
  async function* texts(): AsyncGenerator<LabelledText, void, undefined> {
    let [good, wrong, last] = [0, 0, -1];
    const { names, rows, close } = await open();
    try {
      const wanted = { wanted: columns ?? usualColumns, numbered, labelled, usual: columns === undefined };
      const found = plain ? { first: plainColumn } : foundIn(names, path, wanted);
      for await (const { record, row } of rows(Object.values(found ?? {}))) {
        last = record;
        const text = found === undefined ? (row as WrongRow) : textOf(row, found, { labels, labelled });
        if (!('reason' in text)) {
          good++;
          yield { ...text, record };
          continue;
        }
        wrong++;
        bad.report(text.reason, path, record, text.detail, text.cause);
        if (wrong >= mostBad && wrong > good) {
          bad.report('given up', path, record + 1, `${wrong} bad records and ${good} good ones before; the rest is not read`);
          return;
        }
      }
      if (last < 0) bad.report('empty', path, 0, 'the file holds no record');
    } finally {
      await close();
    }
  }
  return { [Symbol.asyncIterator]: texts, skipped: () => bad.counts };
}

/** A file in which more records are bad, and most of them, is not what its reader was told: its rest is not read. */
const mostBad = 10_000;

interface Wanted {
  readonly wanted: LabelledColumns;
  readonly numbered: NumberedColumns | undefined;
  readonly labelled: boolean;
  readonly usual: boolean;
}

/** `undefined` for a file without a row that has columns. */
function foundIn(
  names: readonly string[],
  path: string,
  { wanted, numbered, labelled, usual }: Wanted,
): FoundColumns | undefined {
  if (names.length === 0) return undefined;
  if (numbered !== undefined && !wanted.first.some((name) => names.includes(name))) {
    const { first, second, label } = numbered;
    return {
      first: `${first}`,
      ...(second !== undefined && { second: `${second}` }),
      ...(label !== undefined && { label: `${label}` }),
    };
  }
  return findColumns(names, path, wanted, { labelled, secondMayLack: usual });
}

function textOf(
  row: LabelledRow,
  { first, second, label }: FoundColumns,
  { labels, labelled }: Pick<ReadLabelledOptions, 'labels' | 'labelled'>,
): Omit<LabelledText, 'record'> | WrongRow {
  if ('reason' in row) return row;
  const texts: string[] = [];
  for (const name of second === undefined ? [first] : [first, second]) {
    const text = row.value(name);
    if (typeof text !== 'string' || text.trim() === '') {
      return { reason: 'no text', detail: `its ${name} is ${typeof text === 'string' ? 'empty' : shown(text)}` };
    }
    const at = text.indexOf('\0');
    if (at >= 0) return { reason: 'NUL', detail: `at character ${at} of its ${name}` };
    if (half.test(text)) return { reason: 'half a surrogate pair', detail: `in its ${name}` };
    texts.push(text);
  }
  const pair = { first: texts[0]!, ...(second !== undefined && { second: texts[1]! }) };
  const given = label === undefined ? undefined : row.value(label);
  const isLabel =
    typeof given === 'string' || typeof given === 'number' || typeof given === 'bigint' || typeof given === 'boolean';
  const name = isLabel ? `${given}`.trim() : '';
  const known = labels === undefined ? name !== '' : labels.has(name);
  if (given !== undefined && given !== null && !isLabel) return unknownLabel(shown(given), labels);
  if (name !== '' && !known) return unknownLabel(JSON.stringify(name), labels);
  const place = labels?.get(name);
  if (labels === undefined ? name === '' : place === undefined) {
    return labelled ? { reason: 'no label', detail: `its ${label} is ${isLabel ? JSON.stringify(name) : 'not there'}` } : pair;
  }
  return { ...pair, label: name, ...(place !== undefined && { class: place }) };
}

const half = /\p{Surrogate}/u;

function unknownLabel(given: string, labels: ReadLabelledOptions['labels']): WrongRow {
  const known = [...(labels ?? [])].filter(([, place]) => place !== undefined).map(([name]) => name);
  const expected = labels === undefined ? 'a word or a number' : `one of ${listedNames(known)}`;
  return { reason: 'unknown label', detail: `expected ${expected}, got ${given.length > 80 ? `${given.slice(0, 80)}…` : given}` };
}

const shown = (value: unknown): string =>
  value === undefined ? 'not there' : value === null ? 'null' : `a ${Array.isArray(value) ? 'list' : typeof value}`;
