import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCommand } from '../run-command.ts';
import { nearestRun } from './nearest-run.ts';

let folder: string;
const back = process.cwd();
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gmlp-nearest-'));
  for (const [name, file] of [
    ['runs/quickstart', 'run.json'],
    ['runs/my run', 'run.json'],
    ['models/bert', 'config.json'],
    ['runs/quickstars', 'notes.txt'],
  ] as const) {
    await mkdir(join(folder, name), { recursive: true });
    await writeFile(join(folder, name, file), '{}');
  }
  process.chdir(folder);
});
afterAll(async () => {
  process.chdir(back);
  await rm(folder, { recursive: true });
});

it.each([
  ['runs/quikstart', 'runs/quickstart'],
  ['runs/quikstart/', 'runs/quickstart'],
  ['quickstart', 'runs/quickstart'],
  ['run/quickstart', 'runs/quickstart'],
  ['runs/my-run', "'runs/my run'"],
  ['models/brt', 'models/bert'],
])('%s means %s', async (path, meant) => {
  expect(await nearestRun(path)).toBe(`; did you mean ${meant}?`);
});

it('names none that is far, and never what was typed', async () => {
  expect(await nearestRun('runs/sotu')).toBe('');
  expect(await nearestRun('nowhere/at/all')).toBe('');
  expect(await nearestRun('runs/quickstars')).toBe('; did you mean runs/quickstart?');
});

it.each([
  ['fill-mask', 'runs/quikstart', 'a [MASK].'],
  ['generate', 'runs/quikstart', 'a'],
  ['eval', 'runs/quikstart'],
  ['inspect', 'runs/quikstart'],
  ['export', 'runs/quikstart'],
  ['report', 'runs/quikstart'],
  ['watch', 'runs/quikstart'],
  ['rm', 'runs/quikstart'],
  ['train', 'runs/quikstart'],
  ['train', '--resume', '--out', 'runs/quikstart'],
  ['train', '--resume', '--out', 'runs/quikstart', '--dry-run'],
])('gmlp %s %s names the run that was meant', async (...args) => {
  const { code, err } = await runCommand(args);
  expect(code).not.toBe(0);
  expect(err).toContain('did you mean runs/quickstart?');
});
