/** state.json: how far a run is, for those who look at it from outside. What it goes on from is in its checkpoints. */
import { GmlpError } from '@gmlp/base';
import type { JsonFormat } from '@gmlp/checkpoint';
import { readRunJson, writeRunJson } from './run-json.ts';
import { runPaths } from './run-paths.ts';

const format: JsonFormat = { format: 'gmlp-run-state', version: 1 };

export interface RunState {
  /** `running` with no living process in lock.json: it was killed. */
  readonly state: 'running' | 'stopped' | 'finished' | 'failed';
  readonly step: number;
  readonly steps: number;
  /** Why it stopped or failed. */
  readonly message?: string;
}

const advice = 'remove it: the run goes on without it, and writes it anew';

const states: readonly string[] = ['running', 'stopped', 'finished', 'failed'] satisfies RunState['state'][];

export async function writeRunState(directory: string, state: RunState): Promise<void> {
  await writeRunJson(runPaths(directory).state, format, state);
}

/** `undefined` for a run that was killed before it wrote one. */
export async function readRunState(directory: string): Promise<RunState | undefined> {
  const path = runPaths(directory).state;
  const content = (await readRunJson(path, format, advice)) as Partial<RunState> | undefined;
  if (content === undefined) return undefined;
  const { state, step, steps, message } = content;
  if (state === undefined || !states.includes(state) || typeof step !== 'number' || typeof steps !== 'number') {
    throw new GmlpError('invalid-data', `readRunState: ${path} lacks a state (${states.join(', ')}), step or steps; ${advice}`, {
      path,
    });
  }
  return { state, step, steps, ...(typeof message === 'string' && { message }) };
}
