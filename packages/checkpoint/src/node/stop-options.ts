import { GmlpError } from '@gmlp/base';

export interface StopOptions {
  /** Aborted, it ends the writing: what was written so far is removed, and what was there stays. */
  readonly signal?: AbortSignal;
}

export function expectNotStopped(signal: AbortSignal | undefined, where: string, path: string): void {
  if (!signal?.aborted) return;
  throw new GmlpError('aborted', `${where}: stopped; ${path} was not written`, { path }, { cause: signal.reason });
}
