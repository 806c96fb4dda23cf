import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runPaths } from './run-paths.ts';
import { sweepRun } from './sweep-run.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gmlp-sweep-'));
});
afterEach(() => rm(folder, { recursive: true }));

it('removes what is written under temporary names, in the folders of a run, and nothing else', async () => {
  const id = '01234567-89ab-cdef-0123-456789abcdef';
  const kept = ['run.json', '.run.json.tmp', '.notes.tmp', join('text', 'a.txt.tmp'), join('mine', `.a.${id}.tmp`)];
  const swept = [
    `.state.json.${id}.tmp`,
    join('filters', `.step-000020.safetensors.${id}.tmp`),
    join('text', 'training.packed.17-abc.tmp'),
    join('text', `.text.json.${id}.tmp`),
    join('model', `.model.safetensors.${id}.tmp`),
  ];
  for (const name of ['filters', 'text', 'model', 'mine']) await mkdir(join(folder, name));
  await mkdir(join(folder, `.folder.${id}.tmp`));
  await mkdir(join(folder, `.model.${id}.tmp`));
  await writeFile(join(folder, `.model.${id}.tmp`, 'model.safetensors'), '');
  for (const name of [...kept, ...swept]) await writeFile(join(folder, name), '');
  expect(await sweepRun(runPaths(folder))).toBe(swept.length + 1);
  const left = (await readdir(folder, { recursive: true })).sort();
  expect(left).toEqual([...kept, 'filters', 'text', 'model', 'mine', `.folder.${id}.tmp`].sort());
});

it('has nothing to do where no run has begun', async () => {
  expect(await sweepRun(runPaths(join(folder, 'none')))).toBe(0);
});
