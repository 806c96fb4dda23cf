import { createReadStream } from 'node:fs';
import { readFailure } from '@gmlp/base/node';
import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { printable } from '../printable.ts';

interface Flags {
  readonly bare?: boolean;
  readonly json?: boolean;
}

/** `gmlp tokenize`: the ids and pieces of texts, so that any two tokenizers can be compared. */
export function addTokenize(program: Command, io: Io): void {
  program
    .command('tokenize')
    .description('print the ids and pieces of lines of text')
    .argument('<tokenizer>', 'a tokenizer.json, a SentencePiece .model, a BERT’s vocab.txt, or the folder of a model or a run')
    .argument('[file]', 'the lines; standard input unless given', '-')
    .option('--bare', 'leave out what the tokenizer puts around a text, as [CLS] and [SEP]')
    .option('--json', 'lines are JSON strings, and a line of JSON is printed for each: {"ids": [...], "pieces": [...]}')
    .action(async (path: string, file: string, { bare = false, json = false }: Flags) => {
      const [{ openTokenizer }, { tokenizedLines }] = await Promise.all([
        import('../tokenize/open-tokenizer.ts'),
        import('../tokenize/tokenized-lines.ts'),
      ]);
      const { tokenizer } = await openTokenizer(path);
      const chunks = file === '-' ? io.stdin : bytesOf(file);
      for await (const line of tokenizedLines(chunks, tokenizer, { json, bare, name: file === '-' ? 'standard input' : file })) {
        io.stdout.write(json ? `${JSON.stringify(line)}\n` : printable(inWords(line.ids, line.pieces)));
      }
    });
}

/** `the:5  cat:6` */
const inWords = (ids: readonly number[], pieces: readonly string[]): string =>
  `${pieces.map((piece, index) => `${piece}:${ids[index]}`).join('  ')}\n`;

async function* bytesOf(file: string): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(file) as AsyncIterable<Uint8Array>;
  } catch (cause) {
    throw readFailure('the lines', file, cause);
  }
}
