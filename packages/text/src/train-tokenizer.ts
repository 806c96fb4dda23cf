/** Text -> tokenizer.json: counts the words, chooses the alphabet, learns the merges. */
import { GmlpError } from '@gmlp/base';
import { metaspace } from './metaspace.ts';
import { scriptClassifier, scriptRuns } from './script-runs.ts';
import type { Texts } from './text-document.ts';
import { bytePieces, type TokenizerJson, tokenizerJson } from './tokenizer-json.ts';
import { trainBpe } from './train-bpe.ts';
import { wellFormed } from './well-formed.ts';
import { countWords } from './word-counts.ts';

export const defaultSpecialTokens: readonly string[] = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'];

export interface TrainTokenizerOptions {
  /** All pieces together: special tokens, 256 bytes, alphabet, merges. */
  readonly vocabularySize: number;
  /** They get the ids 0, 1, … */
  readonly specialTokens?: readonly string[];
  /** The share of all characters that get a piece of their own; the rarest others are spelt in bytes. */
  readonly characterCoverage?: number;
  readonly minFrequency?: number;
  readonly maxPieceLength?: number;
  readonly onProgress?: (progress: TrainTokenizerProgress) => void;
}

export type TrainTokenizerProgress =
  | { readonly stage: 'count'; readonly documents: number; readonly characters: number }
  | { readonly stage: 'merge'; readonly pieces: number; readonly vocabularySize: number };

/** Deterministic: the same texts in any order give the same file. Throws when the text yields fewer pieces than asked for. */
export async function trainTokenizer(texts: Texts, options: TrainTokenizerOptions): Promise<TokenizerJson> {
  const { specialTokens = defaultSpecialTokens, characterCoverage = 0.9995 } = options;
  check(options, specialTokens, characterCoverage);
  const { vocabularySize, minFrequency, maxPieceLength, onProgress } = options;
  const { marked } = await countWords(texts, (progress) => onProgress?.({ stage: 'count', ...progress }));
  const alphabet = chooseAlphabet(marked, characterCoverage, new Set(specialTokens));
  const fixed = specialTokens.length + bytePieces.length + alphabet.length;
  if (vocabularySize < fixed) {
    throw new GmlpError(
      'invalid-argument',
      `trainTokenizer: vocabularySize ${vocabularySize} does not hold ${specialTokens.length} special tokens, ${bytePieces.length} bytes and ` +
        `an alphabet of ${alphabet.length} characters; give at least ${fixed}, or a characterCoverage below ${characterCoverage}`,
      { vocabularySize, fixed },
    );
  }
  const merges = trainBpe(trainingWords(marked, new Set(alphabet)), alphabet, {
    merges: vocabularySize - fixed,
    reserved: new Set([...specialTokens, ...bytePieces]),
    ...(minFrequency !== undefined && { minFrequency }),
    ...(maxPieceLength !== undefined && { maxPieceLength }),
    onMerge: (count) => onProgress?.({ stage: 'merge', pieces: fixed + count, vocabularySize }),
  });
  if (fixed + merges.length < vocabularySize) {
    throw new GmlpError(
      'invalid-data',
      `trainTokenizer: the text yields ${fixed + merges.length} pieces, expected ${vocabularySize}; give more text or a smaller vocabularySize`,
      { vocabularySize, pieces: fixed + merges.length },
    );
  }
  return tokenizerJson(specialTokens, alphabet, merges);
}

function check(options: TrainTokenizerOptions, specialTokens: readonly string[], coverage: number): void {
  const { vocabularySize, minFrequency = 2, maxPieceLength = 16 } = options;
  const refuse = (expected: string, got: unknown): never => {
    throw new GmlpError('invalid-argument', `trainTokenizer: expected ${expected}, got ${String(got)}`);
  };
  if (!Number.isInteger(vocabularySize) || vocabularySize < 1 || vocabularySize > 2 ** 24) {
    refuse('vocabularySize to be a whole number up to 2^24', vocabularySize);
  }
  if (!(minFrequency >= 1)) refuse('minFrequency of at least 1', minFrequency);
  if (!(maxPieceLength >= 1)) refuse('maxPieceLength of at least 1', maxPieceLength);
  if (!(coverage > 0 && coverage <= 1)) refuse('characterCoverage above 0 and at most 1', coverage);
  const bytes = new Set(bytePieces);
  const wrong = specialTokens.find(
    (token, i) =>
      token === '' ||
      token.includes(metaspace) ||
      token !== wellFormed(token) ||
      bytes.has(token) ||
      specialTokens.indexOf(token) !== i,
  );
  if (wrong !== undefined)
    refuse('special tokens to be distinct texts without ▁ and other than <0x00> … <0xFF>', JSON.stringify(wrong));
}

/** The most frequent characters that together cover the text, in the order of their code points; always with ▁. */
function chooseAlphabet(words: ReadonlyMap<string, number>, coverage: number, reserved: ReadonlySet<string>): string[] {
  const counts = new Map<string, number>();
  let total = 0;
  for (const [word, count] of words) {
    for (const character of word) {
      counts.set(character, (counts.get(character) ?? 0) + count);
      total += count;
    }
  }
  const codePoint = (character: string): number => character.codePointAt(0)!;
  const frequent = [...counts].sort(([a, m], [b, n]) => n - m || codePoint(a) - codePoint(b));
  const alphabet = [metaspace];
  let covered = 0;
  for (const [character, count] of frequent) {
    if (covered >= coverage * total) break;
    covered += count;
    if (!reserved.has(character)) alphabet.push(character);
  }
  return alphabet.sort((a, b) => codePoint(a) - codePoint(b));
}

const longestRun = 256; // pieces are far shorter; without a bound one word without a space could be the whole text

/** Words cut where no piece may cross: between scripts and at characters outside the alphabet. ▁ stays with the first run. */
function* trainingWords(words: ReadonlyMap<string, number>, alphabet: ReadonlySet<string>): Generator<[string[], number]> {
  const scriptOf = scriptClassifier();
  for (const [word, count] of words) {
    const runs = word === '' ? [[]] : scriptRuns([...word], scriptOf);
    runs[0]!.unshift(metaspace);
    for (const run of runs) {
      let part: string[] = [];
      for (const character of run) {
        if (alphabet.has(character)) part.push(character);
        if (part.length > 0 && (!alphabet.has(character) || part.length === longestRun)) {
          yield [part, count];
          part = [];
        }
      }
      if (part.length > 0) yield [part, count];
    }
  }
}
