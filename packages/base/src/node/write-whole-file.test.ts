import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeWholeFile } from './write-whole-file.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gmlp-whole-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('the parts that were written, and what was given back', async () => {
  const path = join(folder, 'file.bin');
  await writeFile(path, 'old and longer');
  const given = await writeWholeFile('writer', path, async (writeAt) => {
    await writeAt(Uint8Array.of(101, 119), 1);
    expect(await readFile(path, 'utf8')).toBe('old and longer');
    await writeAt(Uint8Array.of(110), 0);
    return 7;
  });
  expect([given, await readFile(path, 'utf8'), await readdir(folder)]).toEqual([7, 'new', ['file.bin']]);
});

test('one that fails leaves what was there and nothing beside it, and throws what it threw', async () => {
  const path = join(folder, 'file.bin');
  await writeFile(path, 'old');
  const problem = new Error('no more');
  await expect(
    writeWholeFile('writer', path, async (writeAt) => {
      await writeAt(Uint8Array.of(110), 0);
      throw problem;
    }),
  ).rejects.toBe(problem);
  expect([await readFile(path, 'utf8'), await readdir(folder)]).toEqual(['old', ['file.bin']]);
});

test('says which file could not be written', async () => {
  const path = join(folder, 'none', 'file.bin');
  await expect(writeWholeFile('writer', path, async () => {})).rejects.toMatchObject({
    code: 'io',
    message: expect.stringContaining(`writer: ${path}: ENOENT`),
  });
});
