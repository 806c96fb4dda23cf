/** The records of bytes whose records are lines, or of CSV, where a line feed between quotation marks ends none. */
import { leavesOpen } from '../labelled/csv-fields.ts';
import type { LabelledFormat } from '../labelled/labelled-text.ts';
import { type ByteLine, byteLines } from './byte-lines.ts';

/** Formats whose records are lines. */
export type LineFormat = Exclude<LabelledFormat, 'parquet'>;

/** `unclosed`: how many bytes were read for a field whose quotation marks never close. What is behind its first line may be lost with it. */
export type ByteRecord = ByteLine | { readonly unclosed: number };

/** Never holds more than `maxBytes` of one. */
export async function* labelledLines(
  chunks: AsyncIterable<Uint8Array>,
  format: LineFormat,
  maxBytes: number,
): AsyncGenerator<ByteRecord, void, undefined> {
  const lines = byteLines(chunks, maxBytes);
  yield* format === 'csv' ? joined(lines, maxBytes) : lines;
}

async function* joined(lines: AsyncIterable<ByteLine>, maxBytes: number): AsyncGenerator<ByteRecord, void, undefined> {
  let parts: Uint8Array[] = [];
  let [length, open] = [0, false];
  const begin = (): void => {
    parts = [];
    [length, open] = [0, false];
  };
  for await (const line of lines) {
    if ('tooLong' in line) {
      if (open) yield { unclosed: length };
      begin();
      yield line;
      continue;
    }
    open = leavesOpen(line.bytes, open);
    parts.push(line.bytes);
    length += line.bytes.length + 1;
    if (open && length <= maxBytes) continue;
    yield open ? { unclosed: length } : { bytes: parts.length === 1 ? parts[0]! : withLineFeeds(parts) };
    begin();
  }
  if (open) yield { unclosed: length };
}

const lineFeed = Buffer.from('\n');

const withLineFeeds = (parts: readonly Uint8Array[]): Uint8Array =>
  Buffer.concat(parts.flatMap((part, at) => (at === 0 ? [part] : [lineFeed, part])));
