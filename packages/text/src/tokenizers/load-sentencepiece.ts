/** Tokenizers of SentencePiece's `.model` files, id for id as its own library: unigram and BPE. */
import { GmlpError } from '@gmlp/base';
import { metaspace } from '../metaspace.ts';
import { type Tokenizer, withoutOffsets } from '../tokenizer.ts';
import { bytePieces } from '../tokenizer-json.ts';
import { wellFormed } from '../well-formed.ts';
import { bestPath, unknown } from './best-path.ts';
import { growingIds } from './growing-ids.ts';
import { mergeSymbols } from './merge-symbols.ts';
import { idOutside } from './piece-models.ts';
import { type PrefixTrie, prefixTrie } from './prefix-trie.ts';
import { readSentencePieceModel, type SentencePieceModel } from './sentencepiece-model.ts';
import { sentencePieceNormalizer } from './sentencepiece-normalizer.ts';

interface Span {
  readonly id: number;
  readonly from: number;
  readonly to: number;
}

export function loadSentencePiece(bytes: Uint8Array): Tokenizer {
  const model = readSentencePieceModel(bytes);
  const { pieces, byteFallback } = model;
  const idOf = new Map<string, number>();
  for (const [id, { piece }] of pieces.entries()) {
    const other = idOf.get(piece);
    if (other !== undefined) throw refused(`has the piece ${JSON.stringify(piece)} twice, as ${other} and ${id}`);
    idOf.set(piece, id);
  }
  const unknowns = pieces.filter(({ type }) => type === 'unknown').length;
  if (unknowns !== 1) throw refused(`has ${unknowns} pieces for what is unknown, expected one`);
  const unk = pieces.findIndex(({ type }) => type === 'unknown');
  const byteIds = bytePieces.map((piece) => idOf.get(piece));
  const missing = byteIds.findIndex((id) => id === undefined || pieces[id]!.type !== 'byte');
  if (byteFallback && missing >= 0) throw refused(`falls back to bytes, but lacks the piece ${bytePieces[missing]}`);
  const byteOf = new Map(byteIds.map((id, byte) => [id, byte]));
  const userDefined = prefixTrie(entries(model, ['user-defined']));
  const normalize = sentencePieceNormalizer(model, userDefined);
  const cut = model.algorithm === 'unigram' ? unigram(model) : bpe(model, userDefined);
  const utf8 = new TextEncoder();

  return {
    vocabularySize: pieces.length,
    specialIds: new Map(entries(model, ['control', 'unknown'])),
    encode(text) {
      const normalized = normalize(wellFormed(text));
      const ids = growingIds();
      let afterUnknown = false; // unknown pieces behind one another are one
      for (const { id, from, to } of cut(normalized)) {
        const isUnknown = id === unknown;
        if (!isUnknown) ids.push(id);
        else if (byteFallback) for (const byte of utf8.encode(normalized.slice(from, to))) ids.push(byteIds[byte]!);
        else if (!afterUnknown) ids.push(unk);
        afterUnknown = isUnknown;
      }
      return ids.all();
    },
    encodeWithOffsets() {
      throw withoutOffsets("a SentencePiece model's normalisation");
    },
    framed: (ids) => Int32Array.from(ids),
    decode(ids, { skipSpecialTokens = false } = {}) {
      const parts: string[] = [];
      let run: number[] = [];
      let empty = true;
      let dropped = false;
      const add = (part: string): void => {
        if (part !== '') empty = false;
        parts.push(part);
      };
      const flush = (): void => {
        if (run.length > 0) add(decodeRun(run));
        run = [];
      };
      for (let i = 0; i < ids.length; i++) {
        const id = ids[i]!;
        const entry = pieces[id];
        if (entry === undefined) throw idOutside('decode', id, pieces.length, i);
        const byte = entry.type === 'byte' ? byteOf.get(id) : undefined;
        if (byte !== undefined) {
          run.push(byte);
          continue;
        }
        flush();
        if (entry.type === 'control') continue;
        if (entry.type === 'unknown') {
          if (!skipSpecialTokens) add(model.unknownSurface);
          continue;
        }
        let { piece } = entry;
        // The space in front of the first word is the tokenizer's, not the text's.
        const atStart = empty && !dropped && (model.addDummyPrefix || model.removeExtraSpaces);
        if (atStart && piece.startsWith(metaspace)) {
          piece = piece.slice(1);
          dropped = !model.removeExtraSpaces;
        }
        add(piece.replaceAll(metaspace, ' '));
      }
      flush();
      return parts.join('');
    },
    pieceOf(id) {
      const entry = pieces[id];
      if (entry === undefined) throw idOutside('pieceOf', id, pieces.length);
      return entry.piece;
    },
    idOf: (piece) => idOf.get(piece),
  };
}

const refused = (problem: string): GmlpError =>
  new GmlpError('invalid-data', `loadTokenizer: the SentencePiece model ${problem}`);

function entries({ pieces }: SentencePieceModel, types: readonly string[]): [string, number][] {
  return [...pieces.entries()].filter(([, { type }]) => types.includes(type)).map(([id, { piece }]) => [piece, id]);
}

/** Sums in single precision, as there; a piece of the user's is likelier than whatever else covers its text. */
function unigram(model: SentencePieceModel): (text: string) => readonly Span[] {
  const { pieces } = model;
  const scores = pieces.filter(({ type }) => type === 'normal').map(({ score }) => score);
  const least = scores.reduce((a, b) => Math.min(a, b), scores[0] ?? 0);
  const most = scores.reduce((a, b) => Math.max(a, b), scores[0] ?? 0);
  const utf8 = new TextEncoder();
  const ways = {
    trie: prefixTrie(entries(model, ['normal', 'user-defined'])),
    score: (id: number, text: string, from: number, to: number) =>
      pieces[id]!.type === 'user-defined'
        ? Math.fround(utf8.encode(text.slice(from, to)).length * most) - 0.1
        : pieces[id]!.score,
    unknownScore: Math.fround(least - 10),
    round: Math.fround,
  };
  return (text) => bestPath(text, ways);
}

/** The pair whose piece has the highest score merges first. Pieces of the user's never merge. */
function bpe(model: SentencePieceModel, userDefined: PrefixTrie): (text: string) => readonly Span[] {
  const { pieces } = model;
  if (pieces.some(({ type }) => type === 'unused')) throw refused('has BPE pieces of type unused, which are not read');
  const idOf = new Map(entries(model, ['normal', 'user-defined']));
  return (text) => {
    const others: string[] = []; // characters outside the vocabulary
    const textOf = (symbol: number): string => pieces[symbol]?.piece ?? others[symbol - pieces.length]!;
    const symbols: number[] = [];
    for (let at = 0; at < text.length; ) {
      let end = 0;
      let id: number | undefined;
      userDefined.visit(text, at, (to, value) => {
        end = to;
        id = value;
      });
      if (id === undefined) {
        end = at + (text.codePointAt(at)! > 0xffff ? 2 : 1);
        const character = text.slice(at, end);
        id = idOf.get(character);
        if (id === undefined) id = pieces.length + others.push(character) - 1;
      }
      symbols.push(id);
      at = end;
    }
    const frozen = (symbol: number): boolean => pieces[symbol]?.type === 'user-defined';
    const joined = (left: number, right: number): number | undefined =>
      frozen(left) || frozen(right) ? undefined : idOf.get(textOf(left) + textOf(right));
    const merged = mergeSymbols(symbols, {
      rank(left, right) {
        const id = joined(left, right);
        return id === undefined ? undefined : -pieces[id]!.score;
      },
      merged: (_, left, right) => joined(left, right)!,
    });
    let from = 0;
    return Array.from(merged, (symbol) => {
      const to = from + textOf(symbol).length;
      const span = { id: symbol < pieces.length ? symbol : unknown, from, to };
      from = to;
      return span;
    });
  };
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** UTF-8; a byte that is none is U+FFFD for itself. */
function decodeRun(bytes: readonly number[]): string {
  let result = '';
  for (let at = 0; at < bytes.length; ) {
    let size = 0;
    for (const length of [1, 2, 3, 4]) {
      if (size === 0 && at + length <= bytes.length) {
        try {
          result += strict.decode(Uint8Array.from(bytes.slice(at, at + length)));
          size = length;
        } catch {} // a longer one, or none
      }
    }
    if (size === 0) result += '\uFFFD';
    at += size || 1;
  }
  return result;
}
