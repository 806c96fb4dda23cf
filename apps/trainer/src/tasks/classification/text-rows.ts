/** Classified texts as rows of ids in memory: some bytes a piece, whatever their number. */
import { createHash } from 'node:crypto';
import { formatNumber, GmlpError } from '@gmlp/base';
import { type FrameIds, frameTexts, type LabelledText, specialId, type Tokenizer } from '@gmlp/text';

export interface TextRows {
  readonly count: number;
  /** How many of them were longer than a row, and lack what was behind its end. */
  readonly cut: number;
  /** SHA-256 of the ids and classes. */
  readonly fingerprint: string;
  /** The ids of a row, how many of them are of the first text, and its class. */
  row(index: number): TextRow;
}

export interface TextRow {
  readonly ids: Int32Array;
  readonly firstLength: number;
  readonly class: number;
}

/** What frames a text, and fills a row up. */
export interface RowIds extends FrameIds {
  readonly padding: number;
}

export function rowIds(tokenizer: Tokenizer): RowIds {
  return { begin: specialId(tokenizer, '[CLS]'), end: specialId(tokenizer, '[SEP]'), padding: specialId(tokenizer, '[PAD]') };
}

/** A text and a row of it; special tokens in the text are text. */
export function rowOf(text: Pick<LabelledText, 'first' | 'second'>, tokenizer: Tokenizer, ids: FrameIds, tokens: number) {
  const encode = (each: string): Int32Array => tokenizer.encode(each, { specialTokens: false });
  return frameTexts(encode(text.first), text.second === undefined ? undefined : encode(text.second), ids, tokens);
}

/** A gigabyte of ids. */
const mostIds = 2 ** 28;

export interface TextRowsOptions {
  readonly tokenizer: Tokenizer;
  readonly tokens: number;
  /** For errors. */
  readonly path: string;
  /** Called with how many there are so far; may throw to stop. */
  readonly onProgress?: (rows: number) => void;
}

export async function textRows(
  texts: AsyncIterable<LabelledText>,
  { tokenizer, tokens, path, onProgress }: TextRowsOptions,
): Promise<TextRows> {
  const frame = rowIds(tokenizer);
  let all = new Int32Array(2 ** 16);
  const [starts, firsts, classes] = [[0], [] as number[], [] as number[]];
  let cut = 0;
  for await (const text of texts) {
    const row = rowOf(text, tokenizer, frame, tokens);
    const start = starts.at(-1)!;
    const end = start + row.ids.length;
    if (end > mostIds) {
      throw new GmlpError(
        'invalid-data',
        `${path} has more than ${formatNumber(mostIds)} pieces in ${formatNumber(firsts.length)} texts; memory has to hold them: take a part of it`,
        { path },
      );
    }
    if (end > all.length) {
      const larger = new Int32Array(Math.min(mostIds, Math.max(end, 2 * all.length)));
      larger.set(all.subarray(0, start));
      all = larger;
    }
    all.set(row.ids, start);
    starts.push(end);
    firsts.push(row.firstLength);
    classes.push(text.class ?? -1);
    if (row.cut > 0) cut++;
    if (firsts.length % 1000 === 0) onProgress?.(firsts.length);
  }
  const hash = createHash('sha256');
  for (const part of [all.subarray(0, starts.at(-1)), Int32Array.from(starts), Int32Array.from(firsts), Int32Array.from(classes)])
    hash.update(new Uint8Array(part.buffer, part.byteOffset, part.byteLength));
  return {
    count: firsts.length,
    cut,
    fingerprint: hash.digest('hex'),
    row: (index) => ({
      ids: all.subarray(starts[index], starts[index + 1]),
      firstLength: firsts[index]!,
      class: classes[index]!,
    }),
  };
}

/** Those at some places of others, in the order in which they are named. */
export function partOf(
  { row, cut, fingerprint }: TextRows,
  place: (index: number) => number,
  count: number,
  part: string,
): TextRows {
  return {
    count,
    cut,
    fingerprint: createHash('sha256').update(`${fingerprint} ${part} ${count}`).digest('hex'),
    row: (index) => row(place(index)),
  };
}
