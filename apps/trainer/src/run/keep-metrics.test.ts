import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
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
  [20, true, lines.slice(0, 4)],
  [29, false, lines.slice(0, 4)],
  [20, false, lines.slice(0, 3)], // the evaluation of step 20 is not remembered: it will be made again
  [0, false, []],
])('keeps what a run that goes on at step %i remembers', async (step, evaluated, kept) => {
  await writeFile(path, `${lines.join('\n')}\n{"step":3`); // killed in the middle of a line
  await keepMetrics(path, { step, evaluated });
  expect(await readFile(path, 'utf8')).toBe(kept.map((line) => `${line}\n`).join(''));
});

it('does not touch a file that needs no change, and misses none', async () => {
  await keepMetrics(path, { step: 5, evaluated: false });
  await expect(stat(path)).rejects.toMatchObject({ code: 'ENOENT' });
  await writeFile(path, `${lines.join('\n')}\n`);
  const before = await stat(path);
  await keepMetrics(path, { step: 30, evaluated: false });
  expect((await stat(path)).ino).toBe(before.ino);
});

it('says which lines in the middle are no records, and keeps the others, the last one without its line feed too', async () => {
  const broken = [lines[0], '{"step":10,"va', '[10]', 'x'.repeat(1_100_000), lines[1], lines[2]];
  await writeFile(path, broken.join('\n'));
  expect(await keepMetrics(path, { step: 20, evaluated: false })).toEqual({ count: 3, first: 2 });
  expect(await readFile(path, 'utf8')).toBe([lines[0], lines[1], lines[2]].join('\n'));
  expect(await keepMetrics(path, { step: 20, evaluated: false })).toEqual({ count: 0 });
});

it('a folder in its place is told', async () => {
  await mkdir(path);
  await expect(keepMetrics(path, { step: 1, evaluated: false })).rejects.toThrow(
    /cannot read .*metrics\.jsonl: it is not a file/,
  );
});
