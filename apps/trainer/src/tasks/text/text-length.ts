/** About how many tokens a text has, from the sizes of its files: nothing is read. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { GmlpError } from '@gmlp/base';
import { corpusCounts, indexName, listTextFiles, readIndex } from '@gmlp/text/node';
import type { DataSize } from '../task.ts';
import { listShards } from './list-shards.ts';
import type { TextData } from './text-data.ts';
import { addressesFolder } from './text-source.ts';
import { givenTokenizer } from './tokenizer-for.ts';

/** Bytes of a token by the pieces of the vocabulary: of the addresses, by tokenizers that were trained on them. */
const measured: readonly (readonly [pieces: number, bytes: number])[] = [
  [330, 1.2],
  [400, 1.7],
  [512, 2.1],
  [1024, 2.9],
  [2048, 3.6],
  [4096, 4.3],
  [8192, 4.9],
  [16_384, 5.2],
  [32_000, 5.3],
];

/** Of English. Between what was measured a line, on a scale on which each doubling of the pieces is as long. */
export function bytesPerToken(vocabulary: number): number {
  const [first, last] = [measured[0]!, measured.at(-1)!];
  const within = Math.min(Math.max(vocabulary, first[0]), last[0]);
  const above = Math.max(
    1,
    measured.findIndex(([pieces]) => pieces >= within),
  );
  const [[fewer, low], [more, high]] = [measured[above - 1]!, measured[above]!];
  return low + ((high - low) * Math.log(within / fewer)) / Math.log(more / fewer);
}

/** Bytes of text in a byte of a gzip file of C4, whose records are for a tenth addresses and dates. */
const textInGzip = 2.2;
const textInJson = 0.9;

export interface TextLength {
  readonly documents: number;
  readonly tokens: number;
}

/** Of shards only the bytes are known: a document of C4 has about 2,200. `undefined` where the text is not there. */
export async function textLength(data: TextData): Promise<TextLength | undefined> {
  try {
    const files = await filesOf(data);
    const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size * textIn(file)));
    const bytes = sizes.reduce((sum, size) => sum + size, 0);
    if (bytes === 0) return undefined;
    return {
      documents: data.source === 'c4' ? Math.ceil(bytes / 2200) : files.length,
      tokens: bytes / bytesPerToken(data.vocabulary),
    };
  } catch (error) {
    if (GmlpError.isInstance(error) && (error.code === 'not-found' || error.code === 'io')) return undefined;
    throw error;
  }
}

/** With the bytes of its packed rows, of which each takes `fresh` tokens of the text. A tokenizer that will be refused is refused here. */
export async function textSize(data: TextData, row: PackedRow): Promise<DataSize | undefined> {
  if (data.tokenizer !== undefined) await givenTokenizer(data.tokenizer, data.vocabulary);
  if (data.source === 'packed') return packedSize(data.path ?? '', row);
  const length = await textLength(data);
  if (length === undefined) return undefined;
  const { source, heldOut = 0, vocabulary } = data;
  // Documents that are files are counted: training will refuse.
  if (source !== 'c4' && heldOut >= length.documents) {
    throw new GmlpError(
      'invalid-argument',
      `textSize: data.heldOut is ${heldOut}, but the text has ${length.documents === 1 ? 'one document' : `${length.documents} documents`}; hold out fewer, or a part of it with --set data.heldOut=0.1`,
      { heldOut, documents: length.documents },
    );
  }
  const trained = heldOut < 1 ? 1 - heldOut : Math.max(0, 1 - heldOut / length.documents);
  return { units: length.tokens, trained, bytes: packedBytes(length.tokens, vocabulary, row) };
}

/** What is packed is not packed again; of the shards that are there now. */
async function packedSize(path: string, { fresh }: PackedRow): Promise<DataSize | undefined> {
  const index = await readIndex(join(path, indexName));
  if (index === undefined) return undefined;
  const training = corpusCounts(index.shards, 'training').sequences;
  const validation = corpusCounts(index.shards, 'validation').sequences;
  const all = training + validation;
  return all === 0 ? undefined : { units: all * fresh, trained: training / all, bytes: 0 };
}

export interface PackedRow {
  readonly length: number;
  /** How many tokens of the text it takes. */
  readonly fresh: number;
}

/** As packed files are laid out: ids of two or four bytes, and a checksum for each row. */
function packedBytes(tokens: number, vocabulary: number, { length, fresh }: PackedRow): number {
  return Math.ceil(tokens / fresh) * (length * (vocabulary <= 65_536 ? 2 : 4) + 4);
}

async function filesOf({ source, path = '' }: TextData): Promise<readonly string[]> {
  if (source === 'c4') return (await listShards(path)).shards;
  const { root, files } = await listTextFiles(source === 'sotu' ? addressesFolder() : path);
  return files.map((file) => join(root, file));
}

const textIn = (file: string): number => (/\.gz$/i.test(file) ? textInGzip : /\.jsonl?$/i.test(file) ? textInJson : 1);
