/** The tokenizers that we train: BPE with byte fallback over words marked with ▁, encoded exactly as Hugging Face's `tokenizers` does. */
import { bpeEncoder } from '../bpe-encoder.ts';
import { eachWord, metaspace } from '../metaspace.ts';
import type { EncodedText, Tokenizer } from '../tokenizer.ts';
import { bytePieces, parseTokenizerJson, type TokenizerJson } from '../tokenizer-json.ts';
import { wellFormed } from '../well-formed.ts';
import { decodeBytes } from './decoders.ts';
import { growingIds } from './growing-ids.ts';
import { growingPieces } from './growing-pieces.ts';
import { withoutSpacesAtEnd } from './normalizers.ts';
import { idOutside } from './piece-models.ts';
import { type BytePairs, bytePairSpans } from './piece-spans.ts';
import { remembered } from './remembered.ts';

interface Section {
  readonly text: string;
  readonly from: number;
  /** Of a special token. */
  readonly id?: number;
}

export function loadOwn(json: unknown): Tokenizer {
  const { model, added_tokens: added } = parseTokenizerJson(json);
  const encodeWord = bpeEncoder(model);
  const idOf = new Map(Object.entries(model.vocab));
  const pieces: string[] = [];
  for (const [piece, id] of idOf) pieces[id] = piece;
  const specialIds = new Map(added.map(({ content, id }) => [content, id]));
  const byteOf = new Map(bytePieces.map((piece, byte) => [idOf.get(piece)!, byte]));
  const isSpecial = new Set(specialIds.values());
  const finder = specialFinder(added);
  const takesSpaces = new Set(added.filter(({ lstrip }) => lstrip).map(({ content }) => content));
  const bareIds = remembered(encodeWord);
  const markedIds = remembered((word) => encodeWord(metaspace + word));

  /** What stands between special tokens, each with where it begins, and these. */
  function* sections(content: string, specialTokens: boolean): Generator<Section> {
    let from = 0;
    if (specialTokens && finder !== null) {
      for (const { index, 0: token } of content.matchAll(finder)) {
        const before = content.slice(from, index);
        yield { text: takesSpaces.has(token) ? withoutSpacesAtEnd(before) : before, from };
        from = index + token.length;
        yield { text: token, from: index, id: specialIds.get(token)! };
      }
    }
    yield { text: from === 0 ? content : content.slice(from), from };
  }

  function encode(text: string, { specialTokens = true }: { readonly specialTokens?: boolean } = {}): Int32Array {
    const ids = growingIds();
    for (const { text: section, from, id } of sections(wellFormed(text), specialTokens)) {
      if (id !== undefined) ids.push(id);
      else eachWord(section, from === 0, (word, marked) => ids.append(marked ? markedIds(word) : bareIds(word)));
    }
    return ids.all();
  }

  const utf8 = new TextEncoder();
  const pairs: BytePairs = {
    idOf,
    pieceOf: (id) => pieces[id]!,
    byteCount: (character) => utf8.encode(character).length,
    unknown: 'none',
  };

  function encodeWithOffsets(text: string, { specialTokens = true }: { readonly specialTokens?: boolean } = {}): EncodedText {
    const placed = growingPieces();
    for (const { text: section, from, id } of sections(wellFormed(text), specialTokens)) {
      if (id !== undefined) {
        placed.push(id, from, from + section.length);
        continue;
      }
      eachWord(section, from === 0, (word, marked, at) => {
        const head = marked ? 1 : 0; // the ▁ in front of the word, which is no part of its place
        const spans = bytePairSpans(marked ? metaspace + word : word, marked ? markedIds(word) : bareIds(word), pairs);
        for (const { id: piece, from: start, to } of spans) {
          const behind = to > 1 ? Math.max(start, head) : start;
          placed.push(piece, from + Math.max(0, at + behind - head), from + at + to - head);
        }
      });
    }
    return placed.all();
  }

  function decode(ids: ArrayLike<number>, { skipSpecialTokens = false }: { readonly skipSpecialTokens?: boolean } = {}): string {
    const parts: string[] = [];
    let bytes: number[] = [];
    const flush = (): void => {
      if (bytes.length > 0) parts.push(decodeBytes(bytes));
      bytes = [];
    };
    for (let i = 0; i < ids.length; i++) {
      const id = ids[i]!;
      const piece = pieces[id];
      if (piece === undefined) throw idOutside('decode', id, pieces.length, i);
      if (skipSpecialTokens && isSpecial.has(id)) continue;
      const byte = byteOf.get(id);
      if (byte !== undefined) bytes.push(byte);
      else {
        flush();
        parts.push(piece);
      }
    }
    flush();
    // The space in front of the first word is the tokenizer's, not the text's.
    if (parts[0]?.startsWith(metaspace)) parts[0] = parts[0].slice(1);
    return parts.join('').replaceAll(metaspace, ' ');
  }

  return {
    vocabularySize: pieces.length,
    specialIds,
    encode,
    encodeWithOffsets,
    framed: (ids) => Int32Array.from(ids),
    decode,
    pieceOf(id) {
      const piece = pieces[id];
      if (piece === undefined) throw idOutside('pieceOf', id, pieces.length);
      return piece;
    },
    idOf: (piece) => idOf.get(piece),
  };
}

/** Finds special tokens in a text, the longest first. */
function specialFinder(added: TokenizerJson['added_tokens']): RegExp | null {
  if (added.length === 0) return null;
  const longestFirst = added.map(({ content }) => content).sort((a, b) => b.length - a.length);
  return new RegExp(longestFirst.map((content) => content.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('|'), 'gu');
}
