/**
 * Text <-> ids. Encodes exactly as Hugging Face's libraries do with the same tokenizer.json (tested against both), and
 * faster than either, because it remembers the pieces of the words that it has seen.
 */
import { GmlpError } from '@gmlp/base';
import { bpeEncoder } from './bpe-encoder.ts';
import { eachWord, metaspace } from './metaspace.ts';
import { bytePieces, parseTokenizerJson, type TokenizerJson } from './tokenizer-json.ts';
import { wellFormed } from './well-formed.ts';
import { detached } from './word-counts.ts';

export interface Tokenizer {
  readonly vocabularySize: number;
  /** '[MASK]' and the others, by their text. */
  readonly specialIds: ReadonlyMap<string, number>;
  /** With `specialTokens: false` a '[MASK]' in the text is six characters, as it should be in text from the web. */
  encode(text: string, options?: { readonly specialTokens?: boolean }): Int32Array;
  /** The inverse, but for one space at the start, ▁ (a space), and half surrogate pairs (U+FFFD). */
  decode(ids: ArrayLike<number>, options?: { readonly skipSpecialTokens?: boolean }): string;
  pieceOf(id: number): string;
  idOf(piece: string): number | undefined;
}

const wordsRemembered = 2 ** 16;
const longestRemembered = 64;

/** From the content of a tokenizer.json, as text or parsed. Throws `invalid-data` when it is not of the kind we write. */
export function loadTokenizer(source: string | TokenizerJson): Tokenizer {
  const { model, added_tokens: added } = parseTokenizerJson(source);
  const encodeWord = bpeEncoder(model);
  const idOf = new Map(Object.entries(model.vocab));
  const pieces: string[] = [];
  for (const [piece, id] of idOf) pieces[id] = piece;
  const specialIds = new Map(added.map(({ content, id }) => [content, id]));
  const byteOf = new Map(bytePieces.map((piece, byte) => [idOf.get(piece)!, byte]));
  const isSpecial = new Set(specialIds.values());
  const finder = specialFinder(added);
  const takesSpaces = new Set(added.filter(({ lstrip }) => lstrip).map(({ content }) => content));
  const remembered = [new Map<string, Int32Array>(), new Map<string, Int32Array>()] as const; // bare, marked words

  function idsOf(word: string, marked: boolean): Int32Array {
    const memory = remembered[marked ? 1 : 0];
    let ids = memory.get(word);
    if (ids === undefined) {
      ids = encodeWord(marked ? metaspace + word : word);
      if (memory.size >= wordsRemembered) memory.clear();
      if (word.length <= longestRemembered) memory.set(detached(word), ids);
    }
    return ids;
  }

  function encode(text: string, { specialTokens = true }: { readonly specialTokens?: boolean } = {}): Int32Array {
    let result = new Int32Array(Math.ceil(text.length / 2) + 16);
    let length = 0;
    const reserve = (more: number): void => {
      if (length + more <= result.length) return;
      const larger = new Int32Array(Math.max(2 * result.length, length + more));
      larger.set(result);
      result = larger;
    };
    const encodeSection = (section: string, atStart: boolean): void =>
      eachWord(section, atStart, (word, marked) => {
        const ids = idsOf(word, marked);
        reserve(ids.length);
        for (let i = 0; i < ids.length; i++) result[length++] = ids[i]!;
      });
    const content = wellFormed(text);
    let from = 0;
    if (specialTokens && finder !== null) {
      for (const { index, 0: token } of content.matchAll(finder)) {
        const before = content.slice(from, index);
        encodeSection(takesSpaces.has(token) ? trimSpaces(before) : before, from === 0);
        reserve(1);
        result[length++] = specialIds.get(token)!;
        from = index + token.length;
      }
    }
    encodeSection(from === 0 ? content : content.slice(from), from === 0);
    return result.slice(0, length);
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
      if (piece === undefined) {
        throw new GmlpError(
          'invalid-argument',
          `decode: id ${id} at position ${i} is outside the vocabulary of ${pieces.length}; decode with the tokenizer that encoded`,
          { id, position: i },
        );
      }
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
    decode,
    pieceOf(id) {
      const piece = pieces[id];
      if (piece === undefined)
        throw new GmlpError('invalid-argument', `pieceOf: id ${id} is outside the vocabulary of ${pieces.length}`);
      return piece;
    },
    idOf: (piece) => idOf.get(piece),
  };
}

/** The id of a special token, or an error that names those that there are. */
export function specialId(tokenizer: Tokenizer, token: string): number {
  const id = tokenizer.specialIds.get(token);
  if (id !== undefined) return id;
  const known = [...tokenizer.specialIds.keys()].join(' ');
  throw new GmlpError('invalid-argument', `specialId: the tokenizer has no special token ${token}; it has ${known || 'none'}`, {
    token,
  });
}

/** Throws `shape-mismatch` unless the tokenizer has just as many pieces as the model (or the packed file) has rows. */
export function expectVocabulary(tokenizer: Pick<Tokenizer, 'vocabularySize'>, vocabularySize: number): void {
  if (tokenizer.vocabularySize === vocabularySize) return;
  throw new GmlpError(
    'shape-mismatch',
    `expectVocabulary: the tokenizer has ${tokenizer.vocabularySize} pieces, expected ${vocabularySize}; ` +
      'use the tokenizer.json that was saved with the model, or a model of this vocabulary size',
    { expected: vocabularySize, actual: tokenizer.vocabularySize },
  );
}

const space = /\p{White_Space}/u;

function trimSpaces(text: string): string {
  let end = text.length;
  while (end > 0 && space.test(text[end - 1]!)) end--;
  return text.slice(0, end);
}

/** Finds special tokens in a text, the longest first. */
function specialFinder(added: TokenizerJson['added_tokens']): RegExp | null {
  if (added.length === 0) return null;
  const longestFirst = added.map(({ content }) => content).sort((a, b) => b.length - a.length);
  return new RegExp(longestFirst.map((content) => content.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('|'), 'gu');
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** UTF-8, or one U+FFFD a byte when the bytes are none. */
function decodeBytes(bytes: readonly number[]): string {
  try {
    return strict.decode(Uint8Array.from(bytes));
  } catch {
    return '\uFFFD'.repeat(bytes.length);
  }
}
