/** Text -> tokenizer.json: counts the words, chooses the alphabet, learns the merges. */
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
import { bytePieces, type TokenizerJson, tokenizerJson } from './tokenizer-json.ts';
import { trainBpe } from './train-bpe.ts';
import { type CountWordsOptions, countWords, type WordCounts } from './word-counts.ts';

export interface BpeTokenizerOptions extends VocabularyOptions {
  readonly minFrequency?: number;
  readonly maxPieceLength?: number;
  readonly onProgress?: (progress: MergeProgress) => void;
  /** Ends it with its reason. */
  readonly signal?: AbortSignal | undefined;
}

export interface MergeProgress {
  readonly stage: 'merge';
  readonly pieces: number;
  readonly vocabularySize: number;
}

export interface TrainTokenizerOptions extends Omit<BpeTokenizerOptions, 'onProgress'>, CountWordsOptions {
  readonly onProgress?: (progress: TrainTokenizerProgress) => void;
}

export type TrainTokenizerProgress =
  | { readonly stage: 'count'; readonly documents: number; readonly characters: number }
  | MergeProgress;

const who = 'trainTokenizer';

/**
 * Byte pairs. Deterministic: the same texts in any order give the same file, unless there are more different words than are kept. Throws
 * when the text yields fewer pieces than asked for.
 */
export async function trainTokenizer(texts: Texts, options: TrainTokenizerOptions): Promise<TokenizerJson> {
  const { maxDistinctWords, onProgress, ...rest } = options;
  check(rest);
  const counts = await countWords(texts, {
    maxDistinctWords,
    onProgress: (progress) => onProgress?.({ stage: 'count', ...progress }),
  });
  return bpeTokenizer(counts, { ...rest, ...(onProgress && { onProgress }) });
}

/** As `trainTokenizer`, from counted words. */
export async function bpeTokenizer(counts: WordCounts, options: BpeTokenizerOptions): Promise<TokenizerJson> {
  const vocabulary = check(options);
  const { minFrequency, maxPieceLength, onProgress, signal } = options;
  const { specialTokens, vocabularySize } = vocabulary;
  const alphabet = chooseAlphabet(counts.characters, vocabulary.characterCoverage, { reserved: new Set(specialTokens) });
  const fixed = expectRoom(who, vocabulary, alphabet);
  const training = trainBpe(trainingWords(counts.words, new Set(alphabet)), alphabet, {
    merges: vocabularySize - fixed,
    reserved: new Set([...specialTokens, ...bytePieces]),
    ...(minFrequency !== undefined && { minFrequency }),
    ...(maxPieceLength !== undefined && { maxPieceLength }),
  });
  const merges = await inTurns(training, (count) => {
    signal?.throwIfAborted();
    if (count > 0) onProgress?.({ stage: 'merge', pieces: fixed + count, vocabularySize });
  });
  expectPieces(who, vocabularySize, fixed + merges.length);
  return tokenizerJson(specialTokens, alphabet, merges);
}

function check(options: Omit<BpeTokenizerOptions, 'onProgress'>): ReturnType<typeof checkVocabularyOptions> {
  const { minFrequency = 2, maxPieceLength = 16 } = options;
  if (!(minFrequency >= 1)) refuseOption(who, 'minFrequency of at least 1', minFrequency);
  if (!(maxPieceLength >= 1)) refuseOption(who, 'maxPieceLength of at least 1', maxPieceLength);
  return checkVocabularyOptions(who, options);
}
