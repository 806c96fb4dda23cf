import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type FileSystem, nodeFileSystem } from './file-system.ts';
import { writeFileAtomically } from './write-file-atomically.ts';
import { writeFilesTogether } from './write-files-together.ts';

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

it('a folder in the place of the file is told as such, and left as it is', async () => {
  const path = join(folder, 'page.html');
  await mkdir(path);
  await writeFile(join(path, 'mine'), '');
  await expect(writeFileAtomically(path, 'new')).rejects.toThrow(/cannot write .*page\.html: it is a folder; name a file in it/);
  expect([await readdir(folder), await readdir(path)]).toEqual([['page.html'], ['mine']]);
});

it('writers at the same time do not mix', async () => {
  const path = join(folder, 'file.bin');
  const contents = Array.from({ length: 8 }, (_, i) => String(i).repeat(100_000));
  await Promise.all(contents.map((content) => writeFileAtomically(path, content)));
  expect(contents).toContain(await readFile(path, 'utf8'));
  expect(await readdir(folder)).toEqual(['file.bin']);
});

it('says which file could not be written', async () => {
  await expect(writeFileAtomically(join(folder, 'none', 'file.bin'), '')).rejects.toThrow(
    /cannot write .*none.file\.bin: the folder .*none does not exist/,
  );
});

it('stopped, it removes what it has written and leaves what was there', async () => {
  const path = join(folder, 'file.bin');
  await writeFileAtomically(path, 'old');
  const stop = new AbortController();
  const stopping: FileSystem = {
    ...nodeFileSystem,
    open: async (name, flags) => {
      stop.abort(new Error('SIGINT'));
      return nodeFileSystem.open(name, flags);
    },
  };
  for (const options of [{ signal: stop.signal, fileSystem: stopping }, { signal: AbortSignal.abort() }]) {
    for (const write of [
      () => writeFileAtomically(path, 'new', options),
      () => writeFilesTogether(folder, new Map([['file.bin', 'new']]), options),
    ])
      await expect(write()).rejects.toMatchObject({
        code: 'aborted',
        message: expect.stringContaining('file.bin was not written'),
      });
  }
  expect(await readFile(path, 'utf8')).toBe('old');
  expect(await readdir(folder)).toEqual(['file.bin']);
});

it('removes what a killed writer of the same file has left, and of no other', async () => {
  const [mine, other] = ['file.bin', 'other.bin'].map((name) => `.${name}.${hostname()}.4194305.${randomUUID()}.tmp`);
  for (const name of [mine!, other!]) await writeFile(join(folder, name), 'half');
  await writeFileAtomically(join(folder, 'file.bin'), 'whole');
  expect((await readdir(folder)).sort()).toEqual([other, 'file.bin']);
});
