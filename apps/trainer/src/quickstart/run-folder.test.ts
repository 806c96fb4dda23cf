import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
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
    const run = await openRunFolder(target, ['metrics.jsonl', 'first', 'second']);
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
  const run = await openRunFolder(join(folder, 'run'), []);
  await writeFile(join(run.path, 'model'), '');
  await run.discard();
  expect(await readdir(folder)).toEqual([]);
});

it('what a killed command left is ended by the next: halves go, a run that had stepped aside comes back', async () => {
  const target = join(folder, 'run');
  const gone = 4194305; // no process has a number so large
  await mkdir(join(folder, `.run.${gone}.partial`));
  await mkdir(join(folder, `.run.${gone}.old`));
  await writeFile(join(folder, `.run.${gone}.old`, 'model'), 'earlier');
  await mkdir(join(folder, `.run.${process.ppid}.partial`)); // of a process that runs
  await mkdir(join(folder, `.other.${gone}.partial`));
  const kept = [`.other.${gone}.partial`, `.run.${process.ppid}.partial`, 'run'];
  const run = await openRunFolder(target, ['model']);
  expect(await readdir(target)).toEqual(['model']);
  await run.discard();
  expect((await readdir(folder)).sort()).toEqual(kept);
});

it('never touches what it does not know, and says so before anything is computed', async () => {
  const target = join(folder, 'home');
  await mkdir(target);
  await openRunFolder(target, []).then((run) => run.discard());
  await writeFile(join(target, 'metrics.jsonl'), '');
  await expect(openRunFolder(target, [])).rejects.toThrow(/home is not empty \(metrics.jsonl\)/);
  await openRunFolder(target, ['metrics.jsonl']).then((run) => run.discard());
  // `gmlp train` writes metrics.jsonl too: its checkpoints are not the quickstart's to remove.
  await mkdir(join(target, 'checkpoints'));
  await expect(openRunFolder(target, ['metrics.jsonl'])).rejects.toThrow(
    /holds more than what this command writes \(checkpoints\)/,
  );
  await expect(openRunFolder(join(target, 'metrics.jsonl'), [])).rejects.toMatchObject({ code: 'io' });
  for (const [name, place] of [
    ['link', target],
    ['dangling', join(folder, 'nowhere')],
  ] as const) {
    await symlink(place, join(folder, name));
    await expect(openRunFolder(join(folder, name), [])).rejects.toThrow(/is a link; name the folder/);
  }
  expect((await readdir(folder)).sort()).toEqual(['dangling', 'home', 'link']);
});
