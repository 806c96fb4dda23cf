import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writeModelDirectory } from './model-directory.ts';
import { pruneCheckpoints } from './prune-checkpoints.ts';
import { saveCheckpoint } from './save-checkpoint.ts';
import { writeFileAtomically } from './write-file-atomically.ts';

let directory: string;
const at = (name: string): string => join(directory, name);
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gmlp-links-'));
  await mkdir(at('foreign'));
  await writeFile(at('foreign/config.json'), 'theirs');
});
afterEach(() => rm(directory, { recursive: true }));

it('a folder that is a link is not written into', async () => {
  await symlink(at('foreign'), at('link'), 'junction');
  const model = { config: {}, tensors: new Map() };
  for (const path of [at('link'), at('link/')]) {
    await expect(writeModelDirectory(path, model)).rejects.toThrow(/link.* is a link, .*give the folder that it leads to/);
    const empty = new Map();
    const checkpoint = { step: 1, config: {}, model: empty, optimiser: empty, state: {} };
    await expect(saveCheckpoint(path, checkpoint)).rejects.toMatchObject({ code: 'invalid-argument' });
    await expect(pruneCheckpoints(path, { keep: 1 })).rejects.toMatchObject({ code: 'invalid-argument' });
  }
  expect(await readdir(at('foreign'))).toEqual(['config.json']);
  expect(await readFile(at('foreign/config.json'), 'utf8')).toBe('theirs');
});

it('a link in the place of a file is replaced, and what it leads to stays', async () => {
  await symlink(at('foreign/config.json'), at('file'));
  await writeFileAtomically(at('file'), 'ours');
  await mkdir(at('model'));
  await symlink(at('foreign/config.json'), at('model/config.json'));
  await writeModelDirectory(at('model'), { config: {}, tensors: new Map() });
  expect(await readFile(at('file'), 'utf8')).toBe('ours');
  expect(await readFile(at('foreign/config.json'), 'utf8')).toBe('theirs');
});
