/** Written by `pnpm mini` from runs of the mini recipes: change nothing by hand. */
import type { MiniRun } from './mini-run.ts';

export const miniRuns: readonly MiniRun[] = [];
