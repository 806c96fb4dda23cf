/** Lines of text, each with its ids and pieces. */
import { GmlpError } from '@gmlp/base';
import type { Tokenizer } from '@gmlp/text';
import { byteLines } from '@gmlp/text/node';

export interface TokenizedLine {
  readonly ids: readonly number[];
  readonly pieces: readonly string[];
}

export interface TokenizeOptions {
  /** Lines are JSON strings, so that a text may have line feeds inside; otherwise each is a text as it stands. */
  readonly json: boolean;
  /** Where the lines come from, for errors. */
  readonly name: string;
  /** Without what the tokenizer puts around a text: BERT's [CLS] and [SEP]. */
  readonly bare: boolean;
}

/** A longer line is refused. */
const mostBytes = 2 ** 28;

export async function* tokenizedLines(
  chunks: AsyncIterable<Uint8Array>,
  tokenizer: Tokenizer,
  { json, bare, name }: TokenizeOptions,
): AsyncGenerator<TokenizedLine> {
  let number = 0;
  for await (const line of byteLines(chunks, mostBytes)) {
    number++;
    if ('tooLong' in line) throw refused({ name, number }, `has ${line.tooLong} bytes; at most ${mostBytes} are read`);
    const encoded = tokenizer.encode(json ? stringOf(line.bytes, { name, number }) : textOf(line.bytes, { name, number }));
    const ids = [...(bare ? encoded : tokenizer.framed(encoded))];
    yield { ids, pieces: ids.map((id) => tokenizer.pieceOf(id)) };
  }
}

interface Place {
  readonly name: string;
  readonly number: number;
}

const refused = ({ name, number }: Place, problem: string, cause?: unknown): GmlpError =>
  new GmlpError('invalid-data', `tokenize: ${name}, line ${number} ${problem}`, { file: name, line: number }, { cause });

function textOf(bytes: Uint8Array, line: Place): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes).replace(/\r$/, '');
  } catch (cause) {
    throw refused(line, 'is not UTF-8', cause);
  }
}

function stringOf(bytes: Uint8Array, line: Place): string {
  const text = textOf(bytes, line);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw refused(line, `is not JSON: ${(cause as Error).message}; with --json each line is a text as a JSON string`, cause);
  }
  if (typeof value === 'string') return value;
  throw refused(line, `is no JSON string: ${text.slice(0, 60)}; with --json each line is a text as a JSON string`);
}
