/** What has become of a run, seen from outside. */
import { trainerIsAlive } from './run-lock.ts';
import { type RunState, readRunState } from './run-state.ts';

export interface RunCondition extends Omit<RunState, 'state'> {
  /** `killed`: it says that it runs, but nobody works on it. */
  readonly state: RunState['state'] | 'killed';
}

/** `undefined` for a run that wrote no state yet. */
export async function readRunCondition(directory: string): Promise<RunCondition | undefined> {
  const alive = await trainerIsAlive(directory); // before the state: a run that ends in between has said how
  const state = await readRunState(directory);
  if (state?.state === 'running' && !alive) return { ...state, state: 'killed' };
  return state;
}
