/** What a process leaves that is killed before any one of its file operations, and what the next start makes of it. */
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type HostArray, hostArray } from '@gmlp/base';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { diesAfter, untilNothingFails } from '../../../../tooling/watched-file-system.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { FileSystem } from './file-system.ts';
import { listCheckpoints } from './list-checkpoints.ts';
import { loadNewestCheckpoint } from './load-checkpoint.ts';
import { readModelDirectory, writeModelDirectory } from './model-directory.ts';
import { pruneCheckpoints } from './prune-checkpoints.ts';
import { saveCheckpoint } from './save-checkpoint.ts';
import { sweepCheckpoints } from './sweep-checkpoints.ts';
import { sweepTemporaries } from './sweep-temporaries.ts';
import { writeFileAtomically } from './write-file-atomically.ts';

const deadPid = spawnSync(process.execPath, ['-e', '']).pid;
let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gmlp-killed-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

/** Our own temporary names become those of a process that is no more. */
async function endProcess(): Promise<void> {
  for (const name of await readdir(directory).catch(() => [])) {
    const later = name.replace(`.${process.pid}.`, `.${deadPid}.`);
    if (later !== name) await rename(join(directory, name), join(directory, later));
  }
}

const weights = (value: number): ReadonlyMap<string, HostArray> =>
  new Map([['weight', hostArray('float32', [4], new Float32Array(4).fill(value))]]);
const checkpoint = (step: number, state: string): Checkpoint => ({
  step,
  config: {},
  model: weights(step),
  optimiser: weights(-step),
  state,
});

/** What newest complete checkpoint a killed `act` may leave after `setUp`, by its state. */
const scenarios: readonly {
  readonly name: string;
  readonly setUp: readonly Checkpoint[];
  readonly act: (fileSystem: FileSystem) => Promise<unknown>;
  readonly allowed: readonly (string | undefined)[];
}[] = [
  {
    name: 'the first checkpoint',
    setUp: [],
    act: (fileSystem) => saveCheckpoint(directory, checkpoint(1, 'one'), { fileSystem }),
    allowed: [undefined, 'one'],
  },
  {
    name: 'a further one',
    setUp: [checkpoint(1, 'one')],
    act: (fileSystem) => saveCheckpoint(directory, checkpoint(2, 'two'), { fileSystem }),
    allowed: ['one', 'two'],
  },
  {
    name: 'one in the place of the only one',
    setUp: [checkpoint(1, 'one')],
    act: (fileSystem) => saveCheckpoint(directory, checkpoint(1, 'again'), { fileSystem }),
    allowed: ['one', 'again'],
  },
  {
    name: 'a removal of the older ones',
    setUp: [checkpoint(1, 'one'), checkpoint(2, 'two'), checkpoint(3, 'three')],
    act: (fileSystem) => pruneCheckpoints(directory, { keep: 1, fileSystem }),
    allowed: ['three'],
  },
];

it.each(scenarios)('$name: one whole checkpoint is always there, and the rest is swept', async ({ setUp, act, allowed }) => {
  const seen = new Set<string | undefined>();
  const deaths = await untilNothingFails(async (nth) => {
    await rm(directory, { recursive: true, force: true });
    for (const each of setUp) await saveCheckpoint(directory, each);
    const died = await diesAfter(nth - 1, act);
    await endProcess();

    const { checkpoint: newest, refused } = await loadNewestCheckpoint(directory);
    expect(refused).toEqual([]);
    expect(allowed).toContain(newest?.state);
    expect(newest?.model).toEqual(newest && weights(newest.step));
    const listed = await listCheckpoints(directory);
    expect(listed.filter((each) => each.refused !== undefined)).toEqual([]);
    seen.add(newest?.state as string | undefined);

    // The sweeping itself may be killed as well.
    await untilNothingFails((again) => diesAfter(again - 1, (fileSystem) => sweepCheckpoints(directory, { fileSystem })));
    const swept = await loadNewestCheckpoint(directory);
    expect(swept.checkpoint?.state).toBe(newest?.state);
    const names = await readdir(directory).catch(() => []);
    expect(names.filter((name) => !/^step-\d{6}$/.test(name))).toEqual([]);
    return died;
  });
  expect(deaths).toBeGreaterThan(5);
  expect([...seen]).toEqual(allowed);
});

it('a model: its files are all old, all new, or without the config that makes them one; the next writer sweeps', async () => {
  const old = { config: 'old', tensors: weights(1), tokenizer: '"old"' };
  const next = { config: 'new', tensors: weights(2) };
  const read: unknown[] = [];
  await untilNothingFails(async (nth) => {
    await rm(directory, { recursive: true });
    await writeModelDirectory(directory, old);
    const died = await diesAfter(nth - 1, (fileSystem) => writeModelDirectory(directory, next, { fileSystem }));
    await endProcess();
    const found = await readModelDirectory(directory).catch(() => undefined);
    read.push(found?.config);
    if (found !== undefined) expect(found).toEqual(found.config === 'old' ? old : next);
    await writeModelDirectory(directory, next);
    expect((await readdir(directory)).sort()).toEqual(['config.json', 'model.safetensors']);
    return died;
  });
  // While the files are written the earlier model stays; it is away for the few renames only.
  const [before, between] = [read.indexOf(undefined), read.indexOf('new') - read.indexOf(undefined)];
  expect(before).toBeGreaterThan(6);
  expect(between).toBeLessThanOrEqual(4);
});

it('a new model: its folder is there whole or not at all, and the next writer sweeps', async () => {
  const made = { config: 'new', tensors: weights(2), tokenizer: '"new"' };
  const path = join(directory, 'model');
  const read = new Set<unknown>();
  const deaths = await untilNothingFails(async (nth) => {
    await rm(directory, { recursive: true, force: true });
    await mkdir(directory);
    const died = await diesAfter(nth - 1, (fileSystem) => writeModelDirectory(path, made, { fileSystem }));
    await endProcess();
    const there = (await readdir(directory)).includes('model');
    read.add(there);
    if (there) expect(await readModelDirectory(path)).toEqual(made);
    await writeModelDirectory(path, made);
    expect(await readdir(directory)).toEqual(['model']);
    return died;
  });
  expect(deaths).toBeGreaterThan(8);
  expect(read).toEqual(new Set([false, true]));
});

it('a file: what a killed writer left is swept', async () => {
  const path = join(directory, 'file');
  await writeFileAtomically(path, 'old');
  await untilNothingFails(async (nth) => {
    const died = await diesAfter(nth - 1, (fileSystem) => writeFileAtomically(path, 'new', { fileSystem }));
    const left = (await readdir(directory)).filter((name) => name !== 'file');
    expect(await sweepTemporaries(directory)).toEqual([]); // its process runs
    await endProcess();
    expect((await sweepTemporaries(directory)).length).toBe(left.length);
    expect(await readdir(directory)).toEqual(['file']);
    return died;
  });
  expect(await sweepTemporaries(join(directory, 'none'))).toEqual([]);
});
