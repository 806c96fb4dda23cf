/** Trains a tokenizer for the command, with advice that the command takes. */
import { GmlpError } from '@gmlp/base';
import { bpeTokenizer, type MergeProgress, type PruneProgress, unigramTokenizer } from '@gmlp/text';
import { type CorpusSource, countCorpusWords, fingerprintOf, type ReadProgress } from '@gmlp/text/node';
import { badRecordError, leftOut, leftOutCount, leftOutInWords } from '../tasks/text/left-out.ts';
import { recordAdvice } from './record-advice.ts';

export type TokenizerProgress = ({ readonly stage: 'count' } & ReadProgress) | MergeProgress | PruneProgress;

export interface TrainedTokenizerOptions {
  readonly kind: 'bpe' | 'unigram';
  readonly size: number;
  readonly coverage?: number | undefined;
  readonly maxWords?: number | undefined;
  readonly sources: readonly CorpusSource[];
  readonly workers?: number | undefined;
  readonly onBad?: 'stop' | 'skip' | undefined;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: TokenizerProgress) => void;
}

export interface TrainedTokenizer {
  readonly kind: 'bpe' | 'unigram';
  readonly pieces: number;
  readonly documents: number;
  /** Different ones that it was trained on, and those that were forgotten. */
  readonly words: number;
  readonly forgotten: number;
  /** SHA-256 of the file, by which a corpus and a run know it. */
  readonly fingerprint: string;
  /** The text of tokenizer.json. */
  readonly file: string;
  /** How many records could not be read, and why. */
  readonly leftOut: string | undefined;
}

export async function trainedTokenizer(options: TrainedTokenizerOptions): Promise<TrainedTokenizer> {
  const { kind, size, coverage, maxWords, sources, workers, onBad, signal, onProgress } = options;
  const bad = leftOut('skip', badRecordError);
  try {
    const counts = await countCorpusWords(sources, {
      ...{ threads: workers, maxDistinctWords: maxWords, onBad, signal },
      onBadRecord: bad.report,
      onProgress: (progress) => onProgress({ stage: 'count', ...progress }),
    });
    const chosen = { vocabularySize: size, characterCoverage: coverage, signal, onProgress };
    const json = kind === 'bpe' ? await bpeTokenizer(counts, chosen) : await unigramTokenizer(counts, chosen);
    const file = JSON.stringify(json);
    return {
      ...{ kind, pieces: size, documents: counts.documents, words: counts.words.size, forgotten: counts.forgotten },
      ...{ fingerprint: fingerprintOf(file), file },
      leftOut: leftOutCount(bad) === 0 ? undefined : leftOutInWords(bad),
    };
  } catch (error) {
    if (signal.aborted) throw new GmlpError('aborted', 'stopped; nothing is written', {}, { cause: error });
    throw ofOptions(recordAdvice(error));
  }
}

/** What the trainers say of their own options is here of the command's. */
function ofOptions(error: unknown): unknown {
  if (!GmlpError.isInstance(error)) return error;
  const message = error.message
    .replaceAll('vocabularySize', '--size')
    .replaceAll('characterCoverage', '--coverage')
    .replaceAll('maxDistinctWords', '--max-words');
  return message === error.message ? error : new GmlpError(error.code, message, error.fields, { cause: error });
}
