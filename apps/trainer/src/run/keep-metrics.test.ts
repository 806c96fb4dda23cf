import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { keepMetrics } from './keep-metrics.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gmlp-keep-'));
  path = join(folder, 'metrics.jsonl');
});
afterEach(() => rm(folder, { recursive: true }));

const lines = [
  '{"step":10,"loss":5}',
  '{"step":10,"valLoss":4}',
  '{"step":20,"loss":4}',
  '{"step":20,"valLoss":3}',
  '{"step":30,"loss":3}',
];

it.each([
  [20, [10, 20], lines.slice(0, 4)],
  [29, [10, 20], lines.slice(0, 4)],
  [20, [10], lines.slice(0, 3)], // the evaluation of step 20 is not remembered: it will be made again
  [0, [], []],
])('keeps what a run that goes on at step %i remembers', async (step, evaluated, kept) => {
  await writeFile(path, `${lines.join('\n')}\n{"step":3`); // killed in the middle of a line
  await keepMetrics(path, { step, evaluated: new Set(evaluated) });
  expect(await readFile(path, 'utf8')).toBe(kept.map((line) => `${line}\n`).join(''));
});

it('does not touch a file that needs no change, and misses none', async () => {
  await keepMetrics(path, { step: 5, evaluated: new Set() });
  await expect(stat(path)).rejects.toMatchObject({ code: 'ENOENT' });
  await writeFile(path, `${lines.join('\n')}\n`);
  const before = await stat(path);
  await keepMetrics(path, { step: 30, evaluated: new Set([10, 20]) });
  expect((await stat(path)).ino).toBe(before.ino);
});
