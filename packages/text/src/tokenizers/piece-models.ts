/** The `model` of a tokenizer.json: which pieces a word has. */
import { GmlpError } from '@gmlp/base';
import { rankedMerges } from '../bpe-encoder.ts';
import { bytePieces } from '../tokenizer-json.ts';
import { bestPath, unknown } from './best-path.ts';
import {
  byType,
  countOf,
  isRecord,
  type JsonPart,
  listOf,
  partOf,
  refusePart,
  shownPart,
  switchOf,
  textOf,
} from './json-part.ts';
import { mergeSymbols } from './merge-symbols.ts';
import { bytePairSpans, type PieceSpan } from './piece-spans.ts';
import { prefixTrie } from './prefix-trie.ts';

export interface PieceModel {
  readonly idOf: ReadonlyMap<string, number>;
  encode(word: string): Int32Array;
  /** The same pieces, and where each stands in the word. */
  spans(word: string): readonly PieceSpan[];
}

/** More than any that is published; a bound for the table of pieces. */
export const mostIds: number = 2 ** 24;

export function readPieceModel(value: unknown): PieceModel {
  const part = partOf('model', value);
  // Files of the first versions have no type.
  const type =
    part.fields['type'] ??
    (Object.hasOwn(part.fields, 'merges')
      ? 'BPE'
      : Object.hasOwn(part.fields, 'continuing_subword_prefix')
        ? 'WordPiece'
        : 'Unigram');
  return byType({ ...part, fields: { ...part.fields, type } }, { BPE: bpe, WordPiece: wordPiece, Unigram: unigram })(part);
}

function vocabularyOf({ where, fields }: JsonPart): Map<string, number> {
  const vocabulary = fields['vocab'];
  if (!isRecord(vocabulary)) return refusePart(`${where}.vocab`, `is ${shownPart(vocabulary)}, expected an object`);
  return new Map(Object.entries(vocabulary).map(([piece, id]) => [piece, expectId(`${where}.vocab[${shownPart(piece)}]`, id)]));
}

export function expectId(where: string, id: unknown): number {
  if (typeof id === 'number' && Number.isInteger(id) && id >= 0 && id < mostIds) return id;
  return refusePart(where, `is ${shownPart(id)}, expected a whole number from 0 to ${mostIds - 1}`);
}

/** The id of the piece for what is unknown; undefined where there is none. */
function unknownId(part: JsonPart, ids: ReadonlyMap<string, number>): number | undefined {
  if ((part.fields['unk_token'] ?? null) === null) return undefined;
  const token = textOf(part, 'unk_token');
  return ids.get(token) ?? refusePart(`${part.where}.unk_token`, `${shownPart(token)} is not in the vocabulary`);
}

const utf8 = new TextEncoder();

/** The ids of the pieces `<0x00>` to `<0xFF>`; undefined where one is missing, or where they are not to be used. */
function bytesOf(part: JsonPart, ids: ReadonlyMap<string, number>): ((text: string) => number[]) | undefined {
  if (!switchOf(part, 'byte_fallback', false)) return undefined;
  const bytes = bytePieces.map((piece) => ids.get(piece));
  return (text) => {
    const found = Array.from(utf8.encode(text), (byte) => bytes[byte]);
    return found.every((id) => id !== undefined) ? found : [];
  };
}

function bpe(part: JsonPart): PieceModel {
  const { where, fields } = part;
  for (const name of ['continuing_subword_prefix', 'end_of_word_suffix', 'dropout']) {
    const value = fields[name] ?? '';
    if (value !== '' && value !== 0) refusePart(`${where}.${name}`, `${shownPart(value)} is not read`);
  }
  const idOf = vocabularyOf(part);
  const unk = unknownId(part, idOf);
  const bytes = bytesOf(part, idOf);
  const fuse = switchOf(part, 'fuse_unk', false);
  const whole = switchOf(part, 'ignore_merges', false);
  const merges = listOf(part, 'merges').map((merge, rank) => mergeOf(`${where}.merges[${rank}]`, merge, idOf));
  const joins = rankedMerges(idOf, merges);
  const pieceOf = piecesOf(idOf);
  const unknown = unk === undefined ? 'none' : fuse ? 'fused' : 'each';
  const pairs = { idOf, pieceOf, byteCount: (character: string) => bytes?.(character).length ?? 0, unknown } as const;
  const model: PieceModel = {
    idOf,
    spans(word) {
      const ids = model.encode(word);
      if (whole && idOf.has(word)) return [{ id: ids[0]!, from: 0, to: word.length }];
      return bytePairSpans(word, ids, pairs);
    },
    encode(word) {
      const known = whole ? idOf.get(word) : undefined;
      if (known !== undefined) return Int32Array.of(known);
      const symbols: number[] = [];
      let fused = false;
      for (const character of word) {
        const id = idOf.get(character);
        const spelt = id === undefined ? bytes?.(character) : undefined;
        if (id !== undefined) symbols.push(id);
        else if (spelt !== undefined && spelt.length > 0) symbols.push(...spelt);
        else if (unk !== undefined && !(fuse && fused)) symbols.push(unk);
        fused = id === undefined && (spelt === undefined || spelt.length === 0);
      }
      return mergeSymbols(symbols, joins);
    },
  };
  return model;
}

function piecesOf(ids: ReadonlyMap<string, number>): (id: number) => string {
  const pieces: string[] = [];
  for (const [piece, id] of ids) pieces[id] = piece;
  return (id) => pieces[id]!;
}

function mergeOf(where: string, merge: unknown, ids: ReadonlyMap<string, number>): readonly [string, string] {
  const halves: readonly unknown[] = typeof merge === 'string' ? merge.split(' ') : Array.isArray(merge) ? merge : [];
  const [left, right] = halves;
  if (halves.length !== 2 || typeof left !== 'string' || typeof right !== 'string') {
    return refusePart(where, `is ${shownPart(merge)}, expected two pieces`);
  }
  for (const piece of [left, right, left + right]) {
    if (!ids.has(piece)) refusePart(where, `needs the piece ${shownPart(piece)}, which the vocabulary lacks`);
  }
  return [left, right];
}

/** The longest piece from the left, again and again; a word that cannot be spelt so is unknown. */
function wordPiece(part: JsonPart): PieceModel {
  const idOf = vocabularyOf(part);
  const unk = unknownId({ ...part, fields: { unk_token: '[UNK]', ...part.fields } }, idOf);
  if (unk === undefined) return refusePart(`${part.where}.unk_token`, 'is missing');
  const prefix = textOf(part, 'continuing_subword_prefix', '##');
  const most = countOf(part, 'max_input_chars_per_word', 100);
  const starts = prefixTrie(idOf);
  const goesOn = prefixTrie(
    [...idOf].filter(([piece]) => piece.startsWith(prefix)).map(([piece, id]) => [piece.slice(prefix.length), id]),
  );
  const pieceOf = piecesOf(idOf);
  const model: PieceModel = {
    idOf,
    spans(word) {
      const ids = model.encode(word);
      if (ids.length === 1 && ids[0] === unk) return [{ id: unk, from: 0, to: word.length }];
      let from = 0;
      return Array.from(ids, (id) => {
        const to = from + pieceOf(id).length - (from === 0 ? 0 : prefix.length);
        const span = { id, from, to };
        from = to;
        return span;
      });
    },
    encode(word) {
      if (word.length > most && [...word].length > most) return Int32Array.of(unk);
      const ids: number[] = [];
      for (let from = 0; from < word.length; ) {
        let end = from;
        let longest = unk;
        (from === 0 ? starts : goesOn).visit(word, from, (to, id) => {
          end = to;
          longest = id;
        });
        if (end === from) return Int32Array.of(unk);
        ids.push(longest);
        from = end;
      }
      return Int32Array.from(ids);
    },
  };
  return model;
}

function unigram(part: JsonPart): PieceModel {
  const { where } = part;
  const idOf = new Map<string, number>();
  const scores: number[] = [];
  for (const [id, entry] of listOf(part, 'vocab').entries()) {
    const [piece, score]: readonly unknown[] = Array.isArray(entry) ? entry : [];
    if (typeof piece !== 'string' || typeof score !== 'number') {
      return refusePart(`${where}.vocab[${id}]`, `is ${shownPart(entry)}, expected ["piece", score]`);
    }
    idOf.set(piece, id);
    scores.push(score);
  }
  if ((part.fields['unk_id'] ?? null) === null) refusePart(`${where}.unk_id`, 'is missing');
  const unk = countOf(part, 'unk_id');
  if (unk >= scores.length) refusePart(`${where}.unk_id`, `is ${unk}, of ${scores.length} pieces`);
  const bytes = bytesOf(part, idOf);
  const lowest = scores.reduce((least, score) => Math.min(least, score), Number.POSITIVE_INFINITY);
  const pieces = {
    trie: prefixTrie(idOf),
    score: (id: number) => scores[id]!,
    unknownScore: lowest - 10,
    round: (sum: number) => sum,
  };
  const spans = (word: string): readonly PieceSpan[] => {
    const found: PieceSpan[] = [];
    let unknownFrom = -1; // of the unknown characters before, which are one piece together
    const flush = (to: number): void => {
      if (unknownFrom < 0) return;
      const run = word.slice(unknownFrom, to);
      if (bytes === undefined || bytes(run).length === 0) found.push({ id: unk, from: unknownFrom, to });
      else {
        let at = unknownFrom;
        for (const character of run) {
          for (const id of bytes(character)) found.push({ id, from: at, to: at + character.length });
          at += character.length;
        }
      }
      unknownFrom = -1;
    };
    for (const span of bestPath(word, pieces)) {
      if (span.id === unknown || span.id === unk) {
        if (unknownFrom < 0) unknownFrom = span.from;
        continue;
      }
      flush(span.from);
      found.push(span);
    }
    flush(word.length);
    return found;
  };
  return { idOf, spans, encode: (word) => Int32Array.from(spans(word), ({ id }) => id) };
}

export function idOutside(caller: string, id: number, size: number, position?: number): GmlpError {
  const at = position === undefined ? '' : ` at position ${position}`;
  return new GmlpError(
    'invalid-argument',
    `${caller}: id ${id}${at} is outside the vocabulary of ${size}; decode with the tokenizer that encoded`,
    { id, ...(position === undefined ? {} : { position }) },
  );
}
