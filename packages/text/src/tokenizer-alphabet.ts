/** What every trainer of a tokenizer does with counted words: chooses the characters that are pieces, and cuts words where one is not. */
import { GmlpError } from '@gmlp/base';
import { metaspace } from './metaspace.ts';
import { bytePieces } from './tokenizer-json.ts';
import { wellFormed } from './well-formed.ts';

export const defaultSpecialTokens: readonly string[] = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'];

export interface VocabularyOptions {
  /** All pieces together: special tokens, 256 bytes, alphabet, and those that are learnt. */
  readonly vocabularySize: number;
  /** They get the ids 0, 1, … */
  readonly specialTokens?: readonly string[] | undefined;
  /** The share of all characters that get a piece of their own; the rarest others are spelt in bytes. */
  readonly characterCoverage?: number | undefined;
}

export interface CheckedVocabulary {
  readonly vocabularySize: number;
  readonly specialTokens: readonly string[];
  readonly characterCoverage: number;
}

/** Throws `invalid-argument` for what makes no sense. `who` is the caller. */
export function checkVocabularyOptions(
  who: string,
  { vocabularySize, specialTokens = defaultSpecialTokens, characterCoverage: coverage = 0.9995 }: VocabularyOptions,
): CheckedVocabulary {
  const bytes = new Set(bytePieces);
  const wrong = specialTokens.find(
    (token, i) =>
      token === '' ||
      token.includes(metaspace) ||
      token !== wellFormed(token) ||
      bytes.has(token) ||
      specialTokens.indexOf(token) !== i,
  );
  if (!Number.isInteger(vocabularySize) || vocabularySize < 1 || vocabularySize > 2 ** 24) {
    refuseOption(who, 'vocabularySize to be a whole number up to 2^24', vocabularySize);
  }
  if (!(coverage > 0 && coverage <= 1)) refuseOption(who, 'characterCoverage above 0 and at most 1', coverage);
  if (wrong !== undefined) {
    const expected = 'special tokens to be distinct texts without ▁ and other than <0x00> … <0xFF>';
    refuseOption(who, expected, JSON.stringify(wrong));
  }
  return { vocabularySize, specialTokens, characterCoverage: coverage };
}

export function refuseOption(who: string, expected: string, got: unknown): never {
  throw new GmlpError('invalid-argument', `${who}: expected ${expected}, got ${String(got)}`);
}

/** Pieces that are there without training; throws `invalid-argument` when the vocabulary does not hold them. */
export function expectRoom(
  who: string,
  { vocabularySize, specialTokens, characterCoverage }: CheckedVocabulary,
  alphabet: readonly string[],
): number {
  const fixed = specialTokens.length + bytePieces.length + alphabet.length;
  if (vocabularySize >= fixed) return fixed;
  throw new GmlpError(
    'invalid-argument',
    `${who}: vocabularySize ${vocabularySize} does not hold ${specialTokens.length} special tokens, ${bytePieces.length} bytes and ` +
      `an alphabet of ${alphabet.length} characters; give at least ${fixed}, or a characterCoverage below ${characterCoverage}`,
    { vocabularySize, fixed },
  );
}

/** Throws `invalid-data` when a text yields fewer pieces than are wanted. */
export function expectPieces(who: string, vocabularySize: number, pieces: number): void {
  if (pieces >= vocabularySize) return;
  throw new GmlpError(
    'invalid-data',
    `${who}: the text yields ${pieces} pieces, expected ${vocabularySize}; give more text or a smaller vocabularySize`,
    { vocabularySize, pieces },
  );
}

/** The most frequent characters that together cover the text, in the order of their code points; always with ▁ and those of `required`. */
export function chooseAlphabet(
  counts: ReadonlyMap<string, number>,
  coverage: number,
  { reserved, required = [] }: { readonly reserved: ReadonlySet<string>; readonly required?: Iterable<string> },
): string[] {
  const codePoint = (character: string): number => character.codePointAt(0)!;
  const frequent = [...counts].sort(([a, m], [b, n]) => n - m || codePoint(a) - codePoint(b));
  const total = frequent.reduce((sum, [, count]) => sum + count, 0);
  const alphabet = new Set([metaspace, ...required]);
  let covered = 0;
  for (const [character, count] of frequent) {
    if (covered >= coverage * total) break;
    covered += count;
    if (!reserved.has(character)) alphabet.add(character);
  }
  return [...alphabet].sort((a, b) => codePoint(a) - codePoint(b));
}

/** Words cut at characters outside the alphabet. Gives the same whenever it is gone through. */
export function trainingWords(
  words: ReadonlyMap<string, number>,
  alphabet: ReadonlySet<string>,
): Iterable<readonly [characters: readonly string[], count: number]> {
  return {
    *[Symbol.iterator]() {
      for (const [word, count] of words) {
        let part: string[] = [];
        for (const character of word) {
          if (alphabet.has(character)) part.push(character);
          else if (part.length > 0) {
            yield [part, count];
            part = [];
          }
        }
        if (part.length > 0) yield [part, count];
      }
    },
  };
}
