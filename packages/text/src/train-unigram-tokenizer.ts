/** Text -> tokenizer.json: counts the words, chooses the alphabet, learns the pieces of a unigram model. */
import { inTurns } from './in-turns.ts';
import type { Texts } from './text-document.ts';
import {
  checkVocabularyOptions,
  chooseAlphabet,
  expectPieces,
  expectRoom,
  refuseOption,
  trainingWords,
  type VocabularyOptions,
} from './tokenizer-alphabet.ts';
import { bytePieces } from './tokenizer-json.ts';
import { trainUnigram, type UnigramOptions } from './unigram/train-unigram.ts';
import { type UnigramTokenizerJson, unigramTokenizerJson } from './unigram/unigram-tokenizer-json.ts';
import { type CountWordsOptions, countWords, type WordCounts } from './word-counts.ts';

/** As SentencePiece calls them: `vocabularySize` is its vocab_size. */
export interface UnigramTokenizerOptions extends VocabularyOptions, Omit<UnigramOptions, 'pieces' | 'reserved'> {
  readonly onProgress?: (progress: PruneProgress) => void;
  /** Ends it with its reason. */
  readonly signal?: AbortSignal | undefined;
}

export interface PruneProgress {
  readonly stage: 'prune';
  /** That are left; 0 while the first ones are looked for. */
  readonly pieces: number;
  readonly vocabularySize: number;
  /** The part of the work that is done, by an estimate. */
  readonly share: number;
}

export interface TrainUnigramTokenizerOptions extends Omit<UnigramTokenizerOptions, 'onProgress'>, CountWordsOptions {
  readonly onProgress?: (
    progress: { readonly stage: 'count'; readonly documents: number; readonly characters: number } | PruneProgress,
  ) => void;
}

const who = 'trainUnigramTokenizer';

/**
 * A unigram model with byte fallback. Deterministic: the same texts in any order give the same file, unless there are more different
 * words than are kept. Throws when the text yields fewer pieces than asked for.
 */
export async function trainUnigramTokenizer(texts: Texts, options: TrainUnigramTokenizerOptions): Promise<UnigramTokenizerJson> {
  const { maxDistinctWords, onProgress, ...rest } = options;
  check(rest);
  const counts = await countWords(texts, {
    maxDistinctWords,
    onProgress: (progress) => onProgress?.({ stage: 'count', ...progress }),
  });
  return unigramTokenizer(counts, { ...rest, ...(onProgress && { onProgress }) });
}

/** As `trainUnigramTokenizer`, from counted words. */
export async function unigramTokenizer(counts: WordCounts, options: UnigramTokenizerOptions): Promise<UnigramTokenizerJson> {
  const vocabulary = check(options);
  const { vocabularySize: _, specialTokens: __, characterCoverage: ___, onProgress, signal, ...chosen } = options;
  const { vocabularySize, specialTokens, characterCoverage } = vocabulary;
  const names = [...specialTokens, ...bytePieces];
  // Names are spelt in characters that all are pieces, and less likely than these: so that none is ever found in a text.
  const alphabet = chooseAlphabet(counts.characters, characterCoverage, { reserved: new Set(), required: names.join('') });
  const fixed = expectRoom(who, vocabulary, alphabet);
  // A sum does not depend on the order in which texts were counted.
  const words = new Map([...counts.words].sort(([a], [b]) => (a < b ? -1 : 1)));
  const training = trainUnigram(trainingWords(words, new Set(alphabet)), alphabet, {
    ...chosen,
    pieces: vocabularySize - specialTokens.length - bytePieces.length,
    reserved: new Set(names),
  });
  const pieces = await inTurns(training, (progress) => {
    signal?.throwIfAborted();
    onProgress?.({ stage: 'prune', ...progress, vocabularySize });
  });
  expectPieces(who, vocabularySize, fixed - alphabet.length + pieces.length);
  return unigramTokenizerJson(specialTokens, pieces);
}

function check(options: Omit<UnigramTokenizerOptions, 'onProgress'>): ReturnType<typeof checkVocabularyOptions> {
  const { seedSentencepieceSize = 1, shrinkingFactor = 0.75, numSubIterations = 1, maxSentencepieceLength = 16 } = options;
  const whole = (name: string, value: number, most: number): void => {
    if (!(Number.isInteger(value) && value >= 1 && value <= most)) {
      refuseOption(who, `${name} to be a whole number from 1 to ${most}`, value);
    }
  };
  whole('seedSentencepieceSize', seedSentencepieceSize, 2 ** 24);
  whole('numSubIterations', numSubIterations, 1000);
  whole('maxSentencepieceLength', maxSentencepieceLength, 512);
  if (!(shrinkingFactor > 0 && shrinkingFactor < 1)) refuseOption(who, 'shrinkingFactor between 0 and 1', shrinkingFactor);
  const vocabulary = checkVocabularyOptions(who, options);
  const single = vocabulary.specialTokens.find((token) => [...token].length === 1);
  if (single !== undefined) {
    refuseOption(who, 'special tokens of two characters at least, as each character is a piece', JSON.stringify(single));
  }
  return vocabulary;
}
