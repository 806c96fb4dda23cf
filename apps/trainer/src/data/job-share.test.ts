import { expect, it } from 'vitest';
import { jobShare } from './job-share.ts';

const slurm = (id: number, min: number, count: number, step = 1) => ({
  SLURM_ARRAY_TASK_ID: String(id),
  SLURM_ARRAY_TASK_MIN: String(min),
  SLURM_ARRAY_TASK_COUNT: String(count),
  SLURM_ARRAY_TASK_STEP: String(step),
});

it('every member of an array is another rank, and together they are all', () => {
  for (const [min, count, step] of [
    [0, 5, 1],
    [1, 8, 1],
    [3, 4, 7],
  ] as const) {
    const shares = Array.from({ length: count }, (_, i) => jobShare({}, slurm(min + i * step, min, count, step)));
    expect(shares.map(({ rank }) => rank)).toEqual(Array.from({ length: count }, (_, i) => i));
    expect(new Set(shares.map(({ world }) => world))).toEqual(new Set([count]));
  }
  expect(jobShare({ world: 6 }, { JOB_COMPLETION_INDEX: '5' })).toMatchObject({ rank: 5, world: 6 });
});

it('flags come first; without anything it is alone', () => {
  expect(jobShare({ rank: 1, world: 2 }, slurm(0, 0, 9))).toMatchObject({ rank: 1, world: 2 });
  expect(jobShare({}, {})).toMatchObject({ rank: 0, world: 1 });
});

it('what is not said, or makes no sense, is refused by its name', () => {
  expect(() => jobShare({ rank: 1 }, {})).toThrow(/--world is missing/);
  expect(() => jobShare({ world: 3 }, {})).toThrow(/--rank is missing/);
  expect(() => jobShare({}, { JOB_COMPLETION_INDEX: '2' })).toThrow(/give --world/);
  expect(() => jobShare({}, { SLURM_ARRAY_TASK_ID: '2' })).toThrow(/SLURM_ARRAY_TASK_COUNT to be a whole number, got nothing/);
  expect(() => jobShare({}, slurm(7, 1, 3))).toThrow(/number 6 of 3.*an array with gaps/);
  expect(() => jobShare({ rank: 2, world: 2 }, {})).toThrow(/number 2 of 2/);
});
