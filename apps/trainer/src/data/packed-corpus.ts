/** Packs a corpus for the command: with what was left out in a list, a page of what it holds, and advice that the command takes. */
import { join } from 'node:path';
import { formatNumber } from '@gmlp/base';
import { writeFileAtomically } from '@gmlp/checkpoint/node';
import {
  type CorpusIndex,
  type CorpusSource,
  corpusCounts,
  corpusFingerprint,
  type PackCorpusOptions,
  type packCorpus,
  summedStatistics,
} from '@gmlp/text/node';
import { badRecordError, leftOut, leftOutCount, leftOutInWords, leftOutLines } from '../tasks/text/left-out.ts';
import { readTokenizerFile } from '../tasks/text/read-tokenizer-file.ts';
import { corpusPage } from './corpus-page.ts';
import type { JobShare } from './job-share.ts';
import { recordAdvice } from './record-advice.ts';

export interface PackedOptions {
  readonly out: string;
  readonly tokenizer: string;
  readonly sources: readonly CorpusSource[];
  readonly settings: Pick<PackCorpusOptions, 'sequenceLength' | 'heldOut' | 'duplicates'>;
  readonly share: JobShare;
  readonly workers: number | undefined;
  readonly onBad: 'stop' | 'skip';
  readonly signal: AbortSignal;
  readonly onProgress: NonNullable<PackCorpusOptions['onProgress']>;
}

export interface Packed {
  readonly index: CorpusIndex;
  readonly leftOut: { readonly inWords: string; readonly file: string } | undefined;
}

export async function packed(pack: typeof packCorpus, options: PackedOptions): Promise<Packed> {
  const { out, tokenizer, sources, settings, share, workers: threads, onBad, signal, onProgress } = options;
  const { rank, world } = share;
  const bad = leftOut('skip', badRecordError);
  const index = await pack(sources, {
    ...settings,
    ...{ folder: out, tokenizerFile: await readTokenizerFile(tokenizer), rank, world, threads, onBad, signal, onProgress },
    onBadRecord: bad.report,
  }).catch((error: unknown) => {
    throw recordAdvice(error);
  });
  await writeFileAtomically(join(out, 'corpus.html'), corpusPage(out, index));
  if (leftOutCount(bad) === 0) return { index, leftOut: undefined };
  const file = join(out, world === 1 ? 'left-out.jsonl' : `left-out-${rank}.jsonl`);
  await writeFileAtomically(file, leftOutLines(bad));
  return { index, leftOut: { inWords: leftOutInWords(bad), file } };
}

export function inWords(folder: string, { sources, shards }: CorpusIndex): string {
  const { documents, bytes, tokens } = summedStatistics(shards.map(({ statistics }) => statistics));
  const sequences = (part: 'training' | 'validation'): string => formatNumber(corpusCounts(shards, part).sequences);
  const repeated = shards.reduce((sum, shard) => sum + shard.repeated, 0);
  const missing = sources.length - shards.length;
  return [
    `${folder}: ${formatNumber(shards.length)} of ${formatNumber(sources.length)} shards are packed`,
    `documents  ${formatNumber(documents)}, and ${formatNumber(repeated)} that were there before and are left out`,
    `text       ${formatNumber(bytes)} bytes, ${formatNumber(tokens)} tokens`,
    `sequences  ${sequences('training')} to train on, ${sequences('validation')} held out`,
    `training   ${corpusFingerprint(shards, 'training')}`,
    `page       ${join(folder, 'corpus.html')}`,
    ...(missing === 0
      ? []
      : [`${formatNumber(missing)} shards are still to be packed by other processes, or by this command started again`]),
    '',
  ].join('\n');
}
