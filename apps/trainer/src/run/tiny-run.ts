/** For tests: a recipe that trains in about a second, and the command as a process of its own. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { constants } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { timelessMetrics as timelessLines } from '../../../../tooling/timeless-metrics.mjs';
import { parseRecipe, type Recipe } from '../recipes/recipe.ts';
import { workerFile } from '../thread/device-thread.ts';

/** Writes a folder of text and gives a recipe that trains on it. */
export async function tinyRecipe(folder: string): Promise<Recipe> {
  const path = join(folder, 'text');
  await mkdir(path);
  const animals = ['cat', 'dog', 'bird', 'mouse', 'horse'];
  for (let document = 0; document < 10; document++) {
    const lines = Array.from(
      { length: 60 },
      (_, i) => `The ${animals[(i * 7 + document) % 5]} sat on the mat and the ${animals[(i + document) % 5]} ran.`,
    );
    await writeFile(join(path, `${document}.txt`), lines.join(' '));
  }
  const recipe = {
    name: 'tiny',
    device: 'ort-cpu',
    model: { family: 'gmlp-language', tokens: 16, channels: 16, hiddenChannels: 32, layers: 2, survivalProbability: 0.9 },
    data: { source: 'text', path, heldOut: 2, vocabulary: 305 },
    optimiser: { peakRate: 0.01, warmupSteps: 5, ema: 0.9, clipNorm: 1 },
    steps: 60,
    batchSize: 4,
    accumulate: 2,
    recordEvery: 7,
    evaluation: { every: 20 },
    checkpoints: { every: 10, keep: 2 },
  };
  return parseRecipe(recipe, 'tinyRecipe');
}

/** What runs `gmlp ...`: the built command when the tests run on the build, the sources otherwise. `imports` are loaded before it. */
export function commandLine(args: readonly string[], imports: readonly string[] = []): string[] {
  const onSources = workerFile.pathname.endsWith('.ts');
  const main = fileURLToPath(new URL(onSources ? '../main.ts' : '../main.js', workerFile));
  const loader = process.execArgv.indexOf('--import');
  const node = onSources ? process.execArgv.slice(loader, loader + 2) : [];
  return [process.execPath, ...node, ...imports.flatMap((each) => ['--import', each]), main, ...args];
}

/** `gmlp ...` as a process, with a channel to it as the runner of a clone has. */
export function startCommand(args: readonly string[], imports?: readonly string[]): ChildProcessWithoutNullStreams {
  const [program, ...rest] = commandLine(args, imports);
  // As if a shell had started it, also where the tests themselves are run by nohup or npx.
  const env = { ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('npm_'))), _: program };
  return spawn(program!, rest, { stdio: ['pipe', 'pipe', 'pipe', 'ipc'], env }) as ChildProcessWithoutNullStreams;
}

export interface CommandEnd {
  /** As a shell has it: 128 and the number of the signal when one ended it. */
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Waits for the end; `onError` sees what the command has said on standard error so far, each time it says more. */
export function commandEnd(
  command: ChildProcessWithoutNullStreams,
  onError: (err: string) => void = () => {},
): Promise<CommandEnd> {
  let [out, err] = ['', ''];
  command.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  command.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
    onError(err);
  });
  return new Promise((resolve, reject) => {
    command.once('error', reject);
    command.once('close', (code, signal) => resolve({ code: code ?? 128 + constants.signals[signal!], out, err }));
  });
}

/** The lines of metrics.jsonl without what depends on the clock. */
export async function timelessMetrics(run: string): Promise<readonly Record<string, unknown>[]> {
  return timelessLines(await readFile(join(run, 'metrics.jsonl'), 'utf8'));
}
