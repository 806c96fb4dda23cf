/** Where things are in the folder of a run. */
import { join } from 'node:path';
import { shellWord } from './shell-word.ts';

export interface RunPaths {
  readonly directory: string;
  readonly run: string;
  readonly state: string;
  readonly metrics: string;
  readonly checkpoints: string;
  readonly filters: string;
  readonly model: string;
  readonly report: string;
}

export function runPaths(directory: string): RunPaths {
  return {
    directory,
    run: join(directory, 'run.json'),
    state: join(directory, 'state.json'),
    metrics: join(directory, 'metrics.jsonl'),
    checkpoints: join(directory, 'checkpoints'),
    filters: join(directory, 'filters'),
    model: join(directory, 'model'),
    report: join(directory, 'report.json'),
  };
}

/** The command that goes on with a run. */
export function resumeCommand(directory: string): string {
  return `gmlp train --resume --out ${shellWord(directory)}`;
}
