/** How the folders of checkpoints are named: `step-000012`, and `.step-000012.HOST.PID.UUID.tmp` while it is written or removed. */
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';

/** At least six digits, so that names of up to a million steps sort as their steps do. */
export const checkpointName = (step: number): string => `step-${String(step).padStart(6, '0')}`;

/** The step that a name says; undefined for the name of anything else. */
export function stepOfName(name: string): number | undefined {
  const step = Number(/^step-(\d+)$/.exec(name)?.[1]);
  return Number.isSafeInteger(step) && checkpointName(step) === name ? step : undefined;
}

/** A name that no other writer takes and that says who this one is. */
export const temporaryName = (step: number): string =>
  `.${checkpointName(step)}.${thisHost()}.${process.pid}.${randomUUID()}.tmp`;

/** Whether a name is a temporary folder's whose process no longer runs. Other hosts' processes cannot be asked: they count as running. */
export function isAbandoned(name: string, changedAt: number): boolean {
  const [, host, pid] = /^\.step-\d{6,}\.([\w-]+)\.(\d+)\.[\da-f-]{36}\.tmp$/.exec(name) ?? [];
  if (host !== thisHost()) return false;
  // In a container that was started again the new process often has the number of the old one.
  if (Number(pid) === process.pid) return changedAt < Date.now() - process.uptime() * 1000;
  return !isRunning(Number(pid));
}

function thisHost(): string {
  return hostname().replace(/[^\w-]/g, '_') || '_';
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0); // asks, and ends nothing
    return true;
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
