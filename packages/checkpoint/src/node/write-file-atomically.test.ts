import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writeFileAtomically } from './write-file-atomically.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gmlp-atomic-'));
});
afterEach(() => rm(folder, { recursive: true }));

it('replaces the content and leaves nothing beside it', async () => {
  const path = join(folder, 'file.bin');
  await writeFileAtomically(path, 'old and longer');
  await writeFileAtomically(path, Uint8Array.of(110, 101, 119));
  expect(await readFile(path, 'utf8')).toBe('new');
  expect(await readdir(folder)).toEqual(['file.bin']);
});

it('writers at the same time do not mix', async () => {
  const path = join(folder, 'file.bin');
  const contents = Array.from({ length: 8 }, (_, i) => String(i).repeat(100_000));
  await Promise.all(contents.map((content) => writeFileAtomically(path, content)));
  expect(contents).toContain(await readFile(path, 'utf8'));
  expect(await readdir(folder)).toEqual(['file.bin']);
});

it('says which file could not be written', async () => {
  await expect(writeFileAtomically(join(folder, 'none', 'file.bin'), '')).rejects.toThrow(/none.file.bin does not exist/);
});
