import { formatDuration, formatNumber } from '@gmlp/base';
import { type Command, Option } from 'commander';
import type { TokenizerProgress, TrainedTokenizer } from '../data/trained-tokenizer.ts';
import type { Io } from '../io.ts';
import type { OnBad } from '../tasks/text/on-bad.ts';
import { decimalNumber } from './decimal-number.ts';
import { onBadOption } from './on-bad-option.ts';
import { wholeNumber } from './whole-number.ts';
import { expectNewFile, writeNewFile } from './write-new-file.ts';

interface Flags {
  readonly out: string;
  readonly kind: 'bpe' | 'unigram';
  readonly size: number;
  readonly coverage?: number;
  readonly maxWords?: number;
  readonly column?: string;
  readonly workers?: number;
  readonly onBad?: OnBad;
  readonly json?: boolean;
}

/** `gmlp data tokenizer`: a tokenizer of a text, before anything is packed or trained. */
export function addDataTokenizer(data: Command, io: Io): void {
  data
    .command('tokenizer')
    .description('train a tokenizer on text of any size, into a tokenizer.json')
    .argument('<source...>', 'text as gmlp data pack takes it: files, folders, addresses, hub:allenai/c4/en')
    .requiredOption('--out <file>', 'the tokenizer.json that is written; it may not be there yet')
    .addOption(
      new Option('--kind <kind>', 'byte pairs, or a unigram model as SentencePiece trains it')
        .choices(['bpe', 'unigram'])
        .default('bpe'),
    )
    .option('--size <number>', 'pieces, the special tokens and the 256 bytes among them', wholeNumber(1), 32_000)
    .option(
      '--coverage <part>',
      'the part of all characters that are pieces; the rarest others are spelt in bytes (default: 0.9995)',
      decimalNumber,
    )
    .option(
      '--max-words <number>',
      'how many different words are kept in memory; the rarest others are forgotten (default: 2097152)',
      wholeNumber(1000),
    )
    .option('--column <name>', 'of parquet: the column with the text (default: text)')
    .option('--workers <number>', 'threads that read and count (default: as many as processors)', wholeNumber(1))
    .addOption(onBadOption())
    .option('--json', 'print JSON')
    .action(async (given: readonly string[], { out, json = false, ...flags }: Flags) => {
      const [{ trainedTokenizer }, { corpusSources }, { progressLine }] = await Promise.all([
        import('../data/trained-tokenizer.ts'),
        import('../data/corpus-sources.ts'),
        import('@gmlp/training/node'),
      ]);
      expectNewFile(out);
      const { signal, now, env } = io;
      const progress = progressLine({ stream: io.stderr });
      const trained = await trainedTokenizer({
        ...flags,
        sources: await corpusSources(given, flags.column, env),
        signal,
        onProgress: watched(progress, now),
      }).finally(() => progress.clear());
      await writeNewFile(out, trained.file, io);
      io.stdout.write(json ? inJson(out, trained) : inWords(out, trained));
      if (trained.leftOut !== undefined) io.stderr.write(`records left out: ${trained.leftOut}\n`);
    });
}

function inJson(out: string, { file, leftOut, ...counted }: TrainedTokenizer): string {
  return `${JSON.stringify({ tokenizer: out, ...counted }, null, 2)}\n`;
}

function inWords(out: string, { kind, pieces, documents, words, forgotten, fingerprint }: TrainedTokenizer): string {
  return [
    `${out}: ${formatNumber(pieces)} pieces, ${kind === 'bpe' ? 'byte pairs' : 'a unigram model'}`,
    `text       ${formatNumber(documents)} documents, ${formatNumber(words)} different words`,
    ...(forgotten === 0 ? [] : [`forgotten  ${formatNumber(forgotten)} of the rarest words; --max-words keeps more`]),
    `SHA-256    ${fingerprint}`,
    '',
  ].join('\n');
}

/** A line of how far it is, with the time left at the pace of its stage so far. */
function watched(line: { update(text: string): void }, now: () => number): (progress: TokenizerProgress) => void {
  let [stage, start] = ['', 0];
  return (progress) => {
    if (progress.stage !== stage) [stage, start] = [progress.stage, now()];
    const { share, told } = seen(progress);
    const left = share > 0 ? [`${formatDuration(((now() - start) / share) * (1 - share))} left`] : [];
    line.update([...told, ...left].join(', '));
  };
}

function seen(progress: TokenizerProgress): { readonly share: number; readonly told: readonly string[] } {
  if (progress.stage === 'count') {
    const { bytes, documents } = progress;
    const told = [
      `words counted: ${megabytes(bytes.done)} of ${megabytes(bytes.all)} MB`,
      `${formatNumber(documents)} documents`,
    ];
    return { share: bytes.all > 0 ? Math.min(1, bytes.done / bytes.all) : 0, told };
  }
  const { pieces, vocabularySize } = progress;
  if (progress.stage === 'merge') {
    return { share: pieces / vocabularySize, told: [`pieces: ${formatNumber(pieces)} of ${formatNumber(vocabularySize)}`] };
  }
  const told =
    pieces === 0 ? 'looking for first pieces' : `pieces: ${formatNumber(pieces)}, down to ${formatNumber(vocabularySize)}`;
  return { share: progress.share, told: [told] };
}

const megabytes = (bytes: number): string => formatNumber(Math.round(bytes / 1e6));
