/** Addresses -> tokenizer -> pairs: all that training and measuring read. The tokenizer learns from both sides. */
import { type Key, split } from '@gmlp/base';
import { loadTokenizer, type Tokenizer, trainTokenizer } from '@gmlp/text';
import { formatNumber } from '@gmlp/training';
import type { ProgressLine } from '@gmlp/training/node';
import { type CorpusPart, splitCorpus } from '../text/corpus.ts';
import { stageProgress } from '../text/stage-progress.ts';
import { openTextSource } from '../text/text-source.ts';
import { markCase } from './case-marks.ts';
import { bareText, type Pair, pairsOf, wordsOf } from './pairs.ts';
import type { RestoreSettings } from './settings.ts';

export interface PreparedPairs {
  readonly tokenizer: Tokenizer;
  /** The text of tokenizer.json. */
  readonly tokenizerFile: string;
  readonly training: readonly Pair[];
  /** Of documents that neither the model nor the tokenizer learns from. */
  readonly heldOut: readonly Pair[];
}

export interface PreparePairsOptions {
  /** A folder of plain text; the State of the Union addresses by default. */
  readonly source: string | undefined;
  readonly key: Key;
  readonly progress: ProgressLine;
  readonly now: () => number;
  /** Called between two documents; throws to stop. */
  readonly stopIfAborted: () => void;
}

export async function preparePairs(
  { heldOut, vocabulary, passages, model }: Pick<RestoreSettings, 'heldOut' | 'vocabulary' | 'passages' | 'model'>,
  { source: path, key, progress, now, stopIfAborted }: PreparePairsOptions,
): Promise<PreparedPairs> {
  const source = await openTextSource(path === undefined ? { source: 'sotu' } : { source: 'text', path });
  const corpus = splitCorpus(source, heldOut, split(key, 'held out'));
  const bothSides = async function* (): AsyncGenerator<{ readonly text: string }> {
    for await (const { text } of corpus.read('training')) {
      stopIfAborted();
      const words = wordsOf(text);
      yield { text: words.map(markCase).join(' ') };
      yield { text: bareText(words) };
    }
  };
  const merging = stageProgress(progress, 'tokenizer, pieces', now);
  const json = await trainTokenizer(bothSides(), {
    vocabularySize: vocabulary,
    onProgress: (event) => {
      if (event.stage === 'merge') merging(event.pieces, vocabulary);
    },
  });
  const tokenizer = loadTokenizer(json);
  const read = async (part: CorpusPart): Promise<Pair[]> => {
    const report = stageProgress(progress, `${part} pairs, documents`, now);
    const pairs: Pair[] = [];
    let done = 0;
    for await (const { text } of corpus.read(part)) {
      stopIfAborted();
      pairs.push(...pairsOf(text, tokenizer, model.tokens - 1));
      report(++done, corpus.documents[part]);
    }
    return pairs;
  };
  const [training, all] = [await read('training'), await read('validation')];
  const held = evenly(all, passages);
  progress.print(
    `pairs: ${formatNumber(training.length)} to train on, ${formatNumber(held.length)} of ${formatNumber(all.length)} held out`,
  );
  return { tokenizer, tokenizerFile: JSON.stringify(json), training, heldOut: held };
}

/** So many of a list, evenly spread; all of a shorter one. */
function evenly<T>(all: readonly T[], most: number): T[] {
  const count = Math.min(most, all.length);
  return Array.from({ length: count }, (_, index) => all[Math.floor((index * all.length) / count)]!);
}
