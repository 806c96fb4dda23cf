import { formatDuration, formatNumber } from '@gmlp/base';
import type { CorpusIndex, PackProgress } from '@gmlp/text/node';
import type { Command } from 'commander';
import type { Io } from '../io.ts';
import type { OnBad } from '../tasks/text/on-bad.ts';
import { decimalNumber } from './decimal-number.ts';
import { onBadOption } from './on-bad-option.ts';
import { wholeNumber } from './whole-number.ts';

interface Flags {
  readonly out: string;
  readonly tokenizer: string;
  readonly tokens: number;
  readonly heldOut: number;
  readonly keepDuplicates?: boolean;
  readonly column?: string;
  readonly rank?: number;
  readonly world?: number;
  readonly workers?: number;
  readonly onBad?: OnBad;
  readonly json?: boolean;
}

/** `gmlp data pack`: text of any size as a packed corpus, to be trained on as often as one likes. */
export function addDataPack(data: Command, io: Io): void {
  data
    .command('pack')
    .description('pack text of any size into sequences of tokens, which runs are trained on (data.source packed)')
    .argument(
      '<source...>',
      'hub:allenai/c4/en or another variant of C4; addresses and files of JSON lines or parquet, also with {00000..01023}; folders of such files, or of text',
    )
    .requiredOption('--out <folder>', 'where the corpus is, or will be')
    .requiredOption('--tokenizer <file>', 'a tokenizer.json, or a SentencePiece .model')
    .option('--tokens <number>', 'the length of a sequence', wholeNumber(2), 128)
    .option(
      '--held-out <part>',
      'the part of the documents that is kept for validation; their hash says which',
      decimalNumber,
      0.001,
    )
    .option('--keep-duplicates', 'pack documents again that were there before: the text is then read once, not twice')
    .option('--column <name>', 'of parquet: the column with the text (default: text)')
    .option(
      '--rank <number>',
      'which of several processes this is, from 0; Slurm and Kubernetes say it themselves',
      wholeNumber(0),
    )
    .option('--world <number>', 'how many processes there are', wholeNumber(1))
    .option('--workers <number>', 'threads (default: as many as processors)', wholeNumber(1))
    .addOption(onBadOption())
    .option('--json', 'print JSON')
    .action(async (given: readonly string[], flags: Flags) => {
      const [{ packCorpus }, { progressLine }, { corpusSources }, { jobShare }, { packed, inWords }] = await Promise.all([
        import('@gmlp/text/node'),
        import('@gmlp/training/node'),
        import('../data/corpus-sources.ts'),
        import('../data/job-share.ts'),
        import('../data/packed-corpus.ts'),
      ]);
      const { out, json = false, column, workers, onBad = 'stop' } = flags;
      const share = jobShare(flags, io.env);
      const progress = progressLine({ stream: io.stderr });
      if (share.world > 1) progress.print(`this is number ${share.rank} of ${share.world} (${share.from})`);
      const { index, leftOut } = await packed(packCorpus, {
        ...{ out, tokenizer: flags.tokenizer, share, workers, onBad, signal: io.signal },
        sources: await corpusSources(given, column, io.env),
        settings: {
          sequenceLength: flags.tokens,
          heldOut: flags.heldOut,
          duplicates: flags.keepDuplicates ? 'keep' : 'drop',
        },
        onProgress: watched(progress, io.now),
      }).finally(() => progress.clear());
      io.stdout.write(json ? inJson(out, index) : inWords(out, index));
      if (leftOut !== undefined) io.stderr.write(`records left out: ${leftOut.inWords}, listed in ${leftOut.file}\n`);
    });
}

function inJson(folder: string, { settings, sources, shards }: CorpusIndex): string {
  return `${JSON.stringify({ folder, settings, sources: sources.length, shards }, null, 2)}\n`;
}

/** A line of how far it is, with the time left at the pace of its stage so far. */
function watched(line: { update(text: string): void }, now: () => number): (progress: PackProgress) => void {
  let [stage, start] = ['', 0];
  return ({ stage: current, shards, documents, tokens, bytes }) => {
    if (current !== stage) [stage, start] = [current, now()];
    const left = bytes.done > 0 ? ((now() - start) / bytes.done) * Math.max(0, bytes.all - bytes.done) : undefined;
    line.update(
      [
        `${current === 'hash' ? 'looked for duplicates' : 'packed'}: ${shards.done} of ${shards.all} shards`,
        `${formatNumber(documents)} documents`,
        `${megabytes(bytes.done)} of ${megabytes(bytes.all)} MB`,
        ...(current === 'hash' ? [] : [`${formatNumber(tokens)} tokens`]),
        ...(left === undefined ? [] : [`${formatDuration(left)} left`]),
      ].join(', '),
    );
  };
}

const megabytes = (bytes: number): string => formatNumber(Math.round(bytes / 1e6));
