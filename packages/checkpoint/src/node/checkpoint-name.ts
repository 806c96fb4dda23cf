/**
 * How the folders of checkpoints are named: `step-000012`; `step-000012.old` while another of its step takes its place, so that at
 * every moment one of both is there to be read.
 */

/** At least six digits, so that names of up to a million steps sort as their steps do. */
export const checkpointName = (step: number): string => `step-${String(step).padStart(6, '0')}`;

/** The name of a checkpoint that is being replaced by another of its step. */
export const oldName = (step: number): string => `${checkpointName(step)}.old`;

/** The step that a name says; undefined for the name of anything else. */
export function stepOfName(name: string): number | undefined {
  const step = Number(/^step-(\d+)(\.old)?$/.exec(name)?.[1]);
  return Number.isSafeInteger(step) && [checkpointName(step), oldName(step)].includes(name) ? step : undefined;
}
