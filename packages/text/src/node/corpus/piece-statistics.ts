/** What is counted of the documents of a corpus. */
import type { Tokenizer } from '../../tokenizer.ts';

export interface CorpusStatistics {
  readonly documents: number;
  /** UTF-8. */
  readonly bytes: number;
  readonly tokens: number;
  /** Tokens that stand for what the tokenizer does not know, and that stand for one byte. */
  readonly unknown: number;
  readonly byteFallback: number;
  /** Element i: how many documents have from 2^i to 2^(i+1) - 1 tokens. Those without a token are in none. */
  readonly lengths: readonly number[];
}

export const noStatistics: CorpusStatistics = { documents: 0, bytes: 0, tokens: 0, unknown: 0, byteFallback: 0, lengths: [] };

export function summedStatistics(all: readonly CorpusStatistics[]): CorpusStatistics {
  const sum = (of: (each: CorpusStatistics) => number): number => all.reduce((total, each) => total + of(each), 0);
  const buckets = Math.max(0, ...all.map(({ lengths }) => lengths.length));
  return {
    documents: sum(({ documents }) => documents),
    bytes: sum(({ bytes }) => bytes),
    tokens: sum(({ tokens }) => tokens),
    unknown: sum(({ unknown }) => unknown),
    byteFallback: sum(({ byteFallback }) => byteFallback),
    lengths: Array.from({ length: buckets }, (_, bucket) => sum(({ lengths }) => lengths[bucket] ?? 0)),
  };
}

export interface PieceStatistics {
  add(text: string, ids: Int32Array): void;
  statistics(): CorpusStatistics;
}

const byteLike = /^<0x[0-9A-Fa-f]{2}>$/;
const [unknownKind, byteKind] = [1, 2];

export function pieceStatistics(tokenizer: Pick<Tokenizer, 'vocabularySize' | 'pieceOf' | 'specialIds'>): PieceStatistics {
  const kinds = Uint8Array.from({ length: tokenizer.vocabularySize }, (_, id) =>
    byteLike.test(tokenizer.pieceOf(id)) ? byteKind : 0,
  );
  for (const name of ['[UNK]', '<unk>']) {
    const id = tokenizer.specialIds.get(name);
    if (id !== undefined) kinds[id] = unknownKind;
  }
  const counts = [0, 0, 0];
  const lengths: number[] = [];
  let [documents, bytes, tokens] = [0, 0, 0];
  return {
    add(text, ids) {
      documents++;
      bytes += Buffer.byteLength(text);
      tokens += ids.length;
      for (const id of ids) counts[kinds[id]!]!++;
      if (ids.length === 0) return;
      const bucket = 31 - Math.clz32(ids.length);
      while (lengths.length <= bucket) lengths.push(0);
      lengths[bucket]!++;
    },
    statistics: () => ({
      documents,
      bytes,
      tokens,
      unknown: counts[unknownKind]!,
      byteFallback: counts[byteKind]!,
      lengths: [...lengths],
    }),
  };
}
