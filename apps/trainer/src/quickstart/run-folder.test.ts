import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openRunFolder } from './run-folder.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gmlp-run-'));
});
afterEach(() => rm(folder, { recursive: true }));

it('shows nothing before the commit, all after it, and takes the place of an earlier run', async () => {
  const target = join(folder, 'deep', 'run');
  for (const file of ['first', 'second']) {
    const run = await openRunFolder(target);
    await writeFile(join(run.path, 'metrics.jsonl'), '');
    await writeFile(join(run.path, file), '');
    if (file === 'first') expect(await readdir(join(folder, 'deep'))).not.toContain('run');
    await run.commit();
    await run.discard(); // does nothing any more
    expect((await readdir(target)).sort()).toEqual([file, 'metrics.jsonl'].sort());
  }
  expect(await readdir(join(folder, 'deep'))).toEqual(['run']);
});

it('a discarded run leaves nothing', async () => {
  const run = await openRunFolder(join(folder, 'run'));
  await writeFile(join(run.path, 'model'), '');
  await run.discard();
  expect(await readdir(folder)).toEqual([]);
});

it('never touches what is not a run', async () => {
  const target = join(folder, 'home');
  await mkdir(target);
  await writeFile(join(target, 'thesis.tex'), '');
  await expect(openRunFolder(target)).rejects.toThrow(/is not empty and holds no run/);
  await expect(openRunFolder(join(target, 'thesis.tex'))).rejects.toMatchObject({ code: 'io' });
  expect(await readdir(folder)).toEqual(['home']);
});
