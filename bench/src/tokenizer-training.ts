/**
 * `bench tokenizer-training`: how long a tokenizer of byte pairs and a unigram model take to train, from files of text, beside `tokenizers` and
 * `sentencepiece` where the Python that GMLP_PYTHON names has them. The text is the State of the Union addresses, or that of the folder
 * GMLP_TEXT, up to 50 MB.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { readTextFiles } from '@gmlp/text/node';
import { addresses } from './addresses.ts';
import type { BenchSize } from './bench-size.ts';
import { median, round } from './numbers.ts';
import type { TrainingSide } from './tokenizer-training-side.ts';

type Library = 'gmlp' | 'tokenizers' | 'sentencepiece';
type Kind = 'bpe' | 'unigram';

interface TrainingFigure {
  readonly kind: Kind;
  readonly library: Library;
  readonly seconds: number;
  /** Of text, 10^6 bytes. */
  readonly mbPerSecond: number;
  /** 10^6 bytes that the process had at most. */
  readonly peakMb: number;
}

export interface TrainingFigures {
  readonly bytes: number;
  readonly pieces: number;
  readonly sides: readonly TrainingFigure[];
}

const mostBytes = 50e6;
/** Files are so large at most, so that several threads have something to read. */
const fileBytes = 4e6;

export async function measureTokenizerTraining(
  { textPages, trainedPieces: pieces, slowRounds }: Pick<BenchSize, 'textPages' | 'trainedPieces' | 'slowRounds'>,
  rounds: number,
  python: string | undefined,
  log: (line: string) => void,
): Promise<TrainingFigures> {
  const folder = await mkdtemp(join(tmpdir(), 'gmlp-bench-tokenizer-'));
  const libraries: readonly Library[] = python === undefined ? ['gmlp'] : ['gmlp', 'tokenizers', 'sentencepiece'];
  try {
    const bytes = await writeText(folder, textPages);
    const sides: TrainingFigure[] = [];
    for (const kind of ['bpe', 'unigram'] as const) {
      const found = new Map<Library, TrainingSide[]>();
      for (let turn = 0; turn < Math.min(rounds, slowRounds); turn++) {
        for (const library of libraries) {
          const side = await measured(library, kind, folder, pieces, python);
          log(`${kind}, ${library}: ${side === null ? 'not installed' : `${side.seconds.toFixed(2)} s, ${side.peakMb} MB`}`);
          if (side !== null) found.set(library, [...(found.get(library) ?? []), side]);
        }
      }
      for (const [library, all] of found) {
        const seconds = round(median(all.map((each) => each.seconds)), 3);
        const peakMb = Math.max(...all.map((each) => each.peakMb));
        sides.push({ kind, library, seconds, mbPerSecond: round(bytes / 1e6 / seconds, 2), peakMb });
      }
    }
    return { bytes, pieces, sides };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Gives how many bytes there are. */
async function writeText(folder: string, pages: number): Promise<number> {
  const own = process.env['GMLP_TEXT'];
  let [all, number] = [0, 0];
  let waiting: string[] = [];
  let size = 0;
  const flush = async (): Promise<void> => {
    if (waiting.length > 0) await writeFile(join(folder, `${String(number++).padStart(4, '0')}.txt`), waiting.join('\n'));
    [waiting, size] = [[], 0];
  };
  const add = async (text: string): Promise<void> => {
    const more = Buffer.byteLength(text) + 1;
    if (size + more > fileBytes) await flush();
    waiting.push(text);
    size += more;
    all += more;
  };
  if (own) {
    for await (const { text } of readTextFiles(own, { maxRecordBytes: fileBytes / 2 })) {
      if (all < mostBytes) await add(text);
    }
  } else for (const text of (await addresses()).slice(0, pages)) await add(text);
  await flush();
  return all;
}

async function measured(
  library: Library,
  kind: Kind,
  folder: string,
  pieces: number,
  python: string | undefined,
): Promise<TrainingSide | null> {
  const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
  const [program, ...args] =
    library === 'gmlp'
      ? [process.execPath, file('tokenizer-training-side.js'), kind, folder, String(pieces)]
      : [python!, file('../baselines/tokenizer_training.py'), library, kind, folder, String(pieces)];
  const { stdout } = await promisify(execFile)(program, args);
  return JSON.parse(stdout) as TrainingSide | null;
}

export function tokenizerTrainingTable({ bytes, pieces, sides }: TrainingFigures): string {
  const row = (...cells: readonly string[]): string =>
    cells.map((cell, column) => (column < 2 ? cell.padEnd(16) : cell.padStart(12))).join('');
  return [
    `${pieces} pieces from ${(bytes / 1e6).toFixed(1)} MB of text`,
    row('kind', 'library', 'seconds', 'MB/s', 'memory, MB'),
    ...sides.map(({ kind, library, seconds, mbPerSecond, peakMb }) =>
      row(kind, library, seconds.toFixed(2), mbPerSecond.toFixed(2), String(peakMb)),
    ),
  ].join('\n');
}
