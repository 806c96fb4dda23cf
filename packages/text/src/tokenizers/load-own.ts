/** The tokenizers that we train: BPE with byte fallback over words marked with ▁, encoded exactly as Hugging Face's `tokenizers` does. */
import { bpeEncoder } from '../bpe-encoder.ts';
import { eachWord, metaspace } from '../metaspace.ts';
import type { Tokenizer } from '../tokenizer.ts';
import { bytePieces, parseTokenizerJson, type TokenizerJson } from '../tokenizer-json.ts';
import { wellFormed } from '../well-formed.ts';
import { decodeBytes } from './decoders.ts';
import { growingIds } from './growing-ids.ts';
import { withoutSpacesAtEnd } from './normalizers.ts';
import { idOutside } from './piece-models.ts';
import { remembered } from './remembered.ts';

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

  function encode(text: string, { specialTokens = true }: { readonly specialTokens?: boolean } = {}): Int32Array {
    const ids = growingIds();
    const encodeSection = (section: string, atStart: boolean): void =>
      eachWord(section, atStart, (word, marked) => ids.append(marked ? markedIds(word) : bareIds(word)));
    const content = wellFormed(text);
    let from = 0;
    if (specialTokens && finder !== null) {
      for (const { index, 0: token } of content.matchAll(finder)) {
        const before = content.slice(from, index);
        encodeSection(takesSpaces.has(token) ? withoutSpacesAtEnd(before) : before, from === 0);
        ids.push(specialIds.get(token)!);
        from = index + token.length;
      }
    }
    encodeSection(from === 0 ? content : content.slice(from), from === 0);
    return ids.all();
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
