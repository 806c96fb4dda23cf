/** Written by `pnpm cifar` from runs of its recipes: change nothing by hand. */
import type { CifarRun } from './cifar-run.ts';

export const cifarRuns: readonly CifarRun[] = [];
