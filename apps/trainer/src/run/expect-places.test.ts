import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { expectPlaces } from './expect-places.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gmlp-links-'));
});
afterEach(() => rm(folder, { recursive: true }));

it('takes a folder of folders and files, and one that is a link as a whole', async () => {
  const run = join(folder, 'run');
  await mkdir(join(run, 'model'), { recursive: true });
  await writeFile(join(run, 'metrics.jsonl'), '');
  await symlink(run, join(folder, 'latest'));
  await expectPlaces(run);
  await expectPlaces(join(folder, 'latest'));
});

it.each(['metrics.jsonl', 'checkpoints', 'filters', 'text', 'model'])('refuses a link in the place of %s', async (name) => {
  await symlink(folder, join(folder, name));
  await expect(expectPlaces(folder)).rejects.toThrow(`${name} is a link, and what it leads to would be written over`);
  await rm(join(folder, name));
  await symlink(join(folder, 'nowhere'), join(folder, name));
  await expect(expectPlaces(folder)).rejects.toMatchObject({ code: 'invalid-argument' });
});

it.each(['checkpoints', 'filters', 'text', 'model'])('refuses a file in the place of %s', async (name) => {
  await writeFile(join(folder, name), '');
  await expect(expectPlaces(folder)).rejects.toThrow(
    `${join(folder, name)} is no folder, and this run keeps a folder of that name`,
  );
});

it('refuses a folder in the place of metrics.jsonl', async () => {
  await mkdir(join(folder, 'metrics.jsonl'));
  await expect(expectPlaces(folder)).rejects.toThrow(
    /metrics\.jsonl is no file, and this run keeps a file of that name; move it away/,
  );
});
