/**
 * `bench text`: tokens a second from shards of JSON lines to a packed corpus, beside what the tokenizer alone encodes of the same texts on
 * the same cores. The texts are the State of the Union addresses in pieces of a page, as often as it takes; each copy begins with its number.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { trainTokenizer } from '@gmlp/text';
import { addresses } from './addresses.ts';
import type { BenchSize } from './bench-size.ts';
import { median, round } from './numbers.ts';
import type { TextSide } from './text-side.ts';

export interface TextFigures {
  readonly documents: number;
  readonly bytes: number;
  readonly tokens: number;
  readonly pieces: number;
  readonly threads: number;
  /** Tokens a second: medians of the rounds. */
  readonly bare: number;
  /** The whole pipeline, with duplicates looked for and without. */
  readonly drop: number;
  readonly keep: number;
  /** Medians of what each round gives, as parts of the tokenizer's rate. */
  readonly dropShare: number;
  readonly keepShare: number;
  /** Megabytes (10^6 bytes) that the process which packs had at most. */
  readonly peakMb: number;
}

const sides = ['bare', 'drop', 'keep'] as const;
type SideName = (typeof sides)[number];

export async function measureText(
  { textCopies, textPieces, textPages, slowRounds }: Pick<BenchSize, 'textCopies' | 'textPieces' | 'textPages' | 'slowRounds'>,
  rounds: number,
  log: (line: string) => void,
): Promise<TextFigures> {
  const folder = await mkdtemp(join(tmpdir(), 'gmlp-bench-text-'));
  const threads = availableParallelism();
  try {
    const pages = (await addresses()).slice(0, textPages);
    log(`tokenizer of ${textPieces} pieces`);
    const tokenizer = await trainTokenizer(
      pages.map((text) => ({ text })),
      { vocabularySize: textPieces },
    );
    await writeFile(join(folder, 'tokenizer.json'), JSON.stringify(tokenizer));
    const count = 4 * threads;
    let bytes = 0;
    for (let shard = 0; shard < count; shard++) {
      const texts = Array.from({ length: textCopies }, (_, copy) => pages.map((text) => `${copy}. ${text}`)).flat();
      const lines = texts.filter((_, number) => number % count === shard).map((text) => `${JSON.stringify({ text })}\n`);
      bytes += lines.reduce((sum, line) => sum + Buffer.byteLength(line), 0);
      await writeFile(join(folder, `${shard}.json.gz`), gzipSync(lines.join('')));
    }
    const rates: Record<SideName, number[]> = { bare: [], drop: [], keep: [] };
    let [tokens, peakMb] = [0, 0];
    for (let turn = 0; turn < Math.min(rounds, slowRounds); turn++) {
      for (const name of sides) {
        const side = await measured(name, folder, threads);
        rates[name].push(side.tokens / side.seconds);
        tokens = side.tokens;
        if (name !== 'bare') peakMb = Math.max(peakMb, side.peakMb);
      }
      log(`round ${turn + 1}: ${sides.map((name) => `${name} ${Math.round(rates[name].at(-1)!)}`).join(', ')} tokens/s`);
    }
    const share = (name: SideName): number => round(median(rates[name].map((rate, turn) => rate / rates.bare[turn]!)), 3);
    const rate = (name: SideName): number => Math.round(median(rates[name]));
    return {
      documents: pages.length * textCopies,
      ...{ bytes, tokens, pieces: textPieces, threads, peakMb },
      ...{ bare: rate('bare'), drop: rate('drop'), keep: rate('keep'), dropShare: share('drop'), keepShare: share('keep') },
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function measured(side: SideName, folder: string, threads: number): Promise<TextSide> {
  const program = fileURLToPath(new URL('text-side.js', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [program, side, folder, String(threads)]);
  return JSON.parse(stdout) as TextSide;
}

export function textTable({ documents, bytes, tokens, pieces, threads, peakMb, ...rates }: TextFigures): string {
  const line = (name: string, rate: number, share?: number) =>
    name.padEnd(40) +
    rate.toLocaleString('en').padStart(12) +
    (share === undefined ? '' : `${(100 * share).toFixed(0)} %`.padStart(18));
  return [
    `${documents.toLocaleString('en')} documents, ${bytes.toLocaleString('en')} bytes, ${tokens.toLocaleString('en')} tokens of ${pieces} pieces, ${threads} threads`,
    `${''.padEnd(40)}${'tokens/s'.padStart(12)}${'of the tokenizer'.padStart(18)}`,
    line('the tokenizer alone', rates.bare),
    line('gmlp data pack', rates.drop, rates.dropShare),
    line('gmlp data pack --keep-duplicates', rates.keep, rates.keepShare),
    `memory at most ${peakMb} MB`,
  ].join('\n');
}
