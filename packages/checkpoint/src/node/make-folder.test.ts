import { mkdir, mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { nodeFileSystem } from './file-system.ts';
import { makeFolder } from './make-folder.ts';

let folder: string;
const inside = (...names: string[]): string => join(folder, ...names);
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gmlp-folder-'));
});
afterEach(() => rm(folder, { recursive: true }));

it('makes what is missing, says where that begins, and takes what is there', async () => {
  expect(await makeFolder(inside('a', 'b', 'c'))).toBe(inside('a'));
  expect((await stat(inside('a', 'b', 'c'))).isDirectory()).toBe(true);
  expect(await makeFolder(inside('a', 'b', 'd', 'e'))).toBe(inside('a', 'b', 'd'));
  expect(await makeFolder(inside('a', 'b'))).toBeUndefined();
  expect(await makeFolder('/')).toBeUndefined();
  await symlink(inside('a'), inside('link'), 'junction');
  expect(await makeFolder(inside('link'))).toBeUndefined();
});

it('says which file is in the way', async () => {
  await writeFile(inside('file'), '');
  await expect(makeFolder(inside('file'))).rejects.toThrow(`${inside('file')} is a file, and a folder belongs there`);
  await expect(makeFolder(inside('file', 'below'))).rejects.toThrow(/ENOTDIR|is a file|ENOENT/);
});

it('comes back from a place that says of each new folder that the one around it is missing', async () => {
  const asked: string[] = [];
  const proc = {
    ...nodeFileSystem,
    async mkdir(path: string) {
      asked.push(path);
      throw Object.assign(new Error(`ENOENT: mkdir '${path}'`), { code: 'ENOENT' });
    },
  };
  await expect(makeFolder(inside('x'), { fileSystem: proc })).rejects.toThrow(/cannot make .*: no folder can be made in/);
  expect(asked).toEqual([inside('x'), inside('x')]);
});

it.runIf(process.platform === 'linux')('an error, and no wait without end, below /proc', async () => {
  await expect(makeFolder('/proc/gmlp/run')).rejects.toThrow(/cannot make .*: no folder can be made in/);
});

it('of two that make the same folders at once, both have them', async () => {
  await Promise.all(Array.from({ length: 4 }, () => makeFolder(inside('p', 'q', 'r'))));
  await mkdir(inside('p', 'q', 'r', 's'));
});
