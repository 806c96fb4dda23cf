/** What a full or failing disk and a process that dies leave behind, for every operation at which it may happen. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type HostArray, hostArray } from '@gmlp/base';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  diesAfter,
  failingOnce,
  failure,
  type Operation,
  untilNothingFails,
  watched,
} from '../../../../tooling/watched-file-system.ts';
import type { Checkpoint } from './checkpoint.ts';
import { type FileSystem, nodeFileSystem } from './file-system.ts';
import { loadNewestCheckpoint } from './load-checkpoint.ts';
import { readModelDirectory, writeModelDirectory } from './model-directory.ts';
import { saveCheckpoint } from './save-checkpoint.ts';
import { writeFileAtomically } from './write-file-atomically.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gmlp-disk-'));
});
afterEach(() => rm(directory, { recursive: true }));

const model = (value: number): ReadonlyMap<string, HostArray> =>
  new Map([['weight', hostArray('float32', [64], new Float32Array(64).fill(value))]]);
const checkpoint = (step: number): Checkpoint => ({
  step,
  config: { layers: 1 },
  model: model(step),
  tokenizer: '{}',
  optimiser: model(-step),
  ema: model(step / 2),
  state: { step },
});
const succeeded = (promise: Promise<unknown>): Promise<boolean> =>
  promise.then(
    () => true,
    () => false,
  );

describe('a checkpoint that cannot be saved', () => {
  const broken: [string, string, readonly Operation[], number][] = [
    ['write', 'ENOSPC', ['write'], 8],
    ['flush', 'EIO', ['sync'], 8],
    ['file', 'EMFILE', ['open'], 8],
    ['folder', 'EROFS', ['mkdir'], 1],
    ['rename', 'EACCES', ['rename'], 1],
  ];
  it.each(broken)(
    'because of any one %s (%s) leaves the one before, whole, and nothing else',
    async (_, code, operations, least) => {
      await saveCheckpoint(directory, checkpoint(1));
      const failures = await untilNothingFails(async (nth) => {
        const fileSystem = watched(failingOnce(nth, code, operations));
        const error: unknown = await saveCheckpoint(directory, checkpoint(2), { fileSystem }).catch((cause: unknown) => cause);
        const names = await readdir(directory);
        const { checkpoint: loaded, refused } = await loadNewestCheckpoint(directory);
        expect(refused).toEqual([]);
        expect(loaded?.model.get('weight')).toEqual(model(loaded!.step).get('weight'));
        if (typeof error === 'string') return false;
        expect(error).toMatchObject({ code: 'io', message: expect.stringContaining(`step-000002: ${code}`) });
        // Only when the folder of checkpoints cannot be flushed at the end is the new one there already, and whole.
        expect(names).toEqual(loaded!.step === 1 ? ['step-000001'] : ['step-000001', 'step-000002']);
        await rm(join(directory, 'step-000002'), { recursive: true, force: true });
        return true;
      });
      expect(failures).toBeGreaterThanOrEqual(least);
    },
  );

  it('because its process died at any moment is not taken for complete', async () => {
    await saveCheckpoint(directory, checkpoint(1));
    const failures = await untilNothingFails(async (nth) => {
      const died = await diesAfter(nth - 1, (fileSystem) => saveCheckpoint(directory, checkpoint(2), { fileSystem }));
      const { checkpoint: loaded, refused } = await loadNewestCheckpoint(directory);
      expect(refused).toEqual([]);
      expect(loaded?.state).toEqual({ step: loaded!.step });
      expect(loaded?.ema?.get('weight')).toEqual(model(loaded!.step / 2).get('weight'));
      await rm(join(directory, 'step-000002'), { recursive: true, force: true });
      return died;
    });
    expect(failures).toBeGreaterThan(30);
  });

  it('leaves one of the same step as it was', async () => {
    await saveCheckpoint(directory, checkpoint(1));
    for (const nth of [1, 2]) {
      const fileSystem = watched(failingOnce(nth, 'EACCES', ['rename']));
      const again = { ...checkpoint(1), state: 'again' };
      await expect(saveCheckpoint(directory, again, { fileSystem })).rejects.toMatchObject({ code: 'io' });
      expect((await loadNewestCheckpoint(directory)).checkpoint?.state).toEqual({ step: 1 });
      expect(await readdir(directory)).toEqual(['step-000001']);
    }
  });

  it('does not mind a disk that takes a few bytes at a time', async () => {
    await saveCheckpoint(directory, checkpoint(3), { fileSystem: watched(() => {}, 7) });
    expect((await loadNewestCheckpoint(directory)).checkpoint?.model).toEqual(model(3));
    await expect(saveCheckpoint(directory, checkpoint(4), { fileSystem: watched(() => {}, 0) })).rejects.toThrow(/took nothing/);
  });
});

it('folders that cannot be flushed, as on Windows, are no error', async () => {
  const fileSystem: FileSystem = {
    ...nodeFileSystem,
    open: async (path, flags) => {
      if (flags === 'r') throw failure('EPERM');
      return nodeFileSystem.open(path, flags);
    },
  };
  await saveCheckpoint(directory, checkpoint(3), { fileSystem });
  expect((await loadNewestCheckpoint(directory)).checkpoint?.step).toBe(3);
});

it('a file that cannot be replaced keeps its content', async () => {
  const path = join(directory, 'file');
  await writeFileAtomically(path, 'old');
  const failures = await untilNothingFails(async (nth) => {
    const fileSystem = watched(failingOnce(nth, 'ENOSPC', ['open', 'write', 'sync', 'rename']));
    const written = await succeeded(writeFileAtomically(path, 'new', { fileSystem }));
    expect(await readdir(directory)).toEqual(['file']);
    expect(await readFile(path, 'utf8')).toBe(nth <= 4 ? 'old' : 'new'); // from the fifth on the folder's flush fails
    return !written;
  });
  expect(failures).toBe(6);
});

it('a model directory that cannot be written does not pass for whole', async () => {
  await writeModelDirectory(directory, { config: 'old', tensors: model(1), tokenizer: '"old"' });
  await untilNothingFails(async (nth) => {
    const fileSystem = watched(failingOnce(nth, 'ENOSPC', ['mkdir', 'rm', 'open', 'write', 'sync', 'rename']));
    const next = { config: 'new', tensors: model(2), tokenizer: '"new"' };
    const written = await succeeded(writeModelDirectory(directory, next, { fileSystem }));
    const read = await readModelDirectory(directory).catch(() => undefined);
    if (read?.config === 'old') expect(read).toEqual({ config: 'old', tensors: model(1), tokenizer: '"old"' });
    else if (read !== undefined) expect(read).toEqual(next);
    expect((await readdir(directory)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    await writeModelDirectory(directory, { config: 'old', tensors: model(1), tokenizer: '"old"' });
    return !written;
  });
});
