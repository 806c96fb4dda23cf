import type { EventEmitter } from 'node:events';

/**
 * Waits for a promise of somebody else's code. Where it can settle no more, as this process has nothing left to do but to wait, it
 * rejects with `problem`: Node would end the process without a word.
 */
export function settled<Result>(
  promise: Promise<Result>,
  problem: () => Error,
  idle: Pick<EventEmitter, 'once' | 'off'> = process,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const never = (): void => reject(problem());
    idle.once('beforeExit', never);
    promise.then(resolve, reject).finally(() => idle.off('beforeExit', never));
  });
}
