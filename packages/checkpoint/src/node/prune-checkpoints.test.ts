import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { hostArray } from '@gmlp/base';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { pruneCheckpoints } from './prune-checkpoints.ts';
import { saveCheckpoint } from './save-checkpoint.ts';
import { temporaryName } from './temporary-name.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gmlp-prune-'));
});
afterEach(() => rm(directory, { recursive: true }));

const save = (step: number): Promise<string> =>
  saveCheckpoint(directory, {
    step,
    config: {},
    model: new Map([['x', hostArray('int32', [], Int32Array.of(step))]]),
    optimiser: new Map(),
    state: {},
  });
const names = async (): Promise<string[]> => (await readdir(directory)).sort();

it('keeps the newest and the best', async () => {
  for (const step of [1, 2, 3, 4, 5]) await save(step);
  expect(await pruneCheckpoints(directory, { keep: 2, best: 2 })).toEqual(
    ['step-000001', 'step-000003'].map((name) => join(directory, name)),
  );
  expect(await names()).toEqual(['step-000002', 'step-000004', 'step-000005']);
  expect(await pruneCheckpoints(directory, { keep: 3, best: 2 })).toEqual([]);
  await pruneCheckpoints(directory, { keep: 1, best: 5 });
  expect(await names()).toEqual(['step-000005']);
});

it('a damaged one neither counts nor goes', async () => {
  for (const step of [1, 2, 3, 4]) await save(step);
  for (const name of ['step-000001', 'step-000004']) await rm(join(directory, name, 'manifest.json'));
  await pruneCheckpoints(directory, { keep: 1 });
  expect(await names()).toEqual(['step-000001', 'step-000003', 'step-000004']);
});

it('removes what killed writers left, and nothing else', async () => {
  await save(1);
  const host = hostname().replace(/[^\w-]/g, '_');
  const dead = spawnSync(process.execPath, ['-e', '']).pid;
  const temporary = (pid: number, where = host): string => `.step-000002.${where}.${pid}.${randomUUID()}.tmp`;
  const [day, removed] = [24 * 60 * 60 * 1000, temporary(process.ppid, 'elsewhere').replace('.tmp', '.removed')];
  // Of a dead process; of an earlier process of our number; of another host, days ago; half removed, by whomever.
  const abandoned = [temporary(dead), temporary(process.pid), temporary(7, 'elsewhere'), removed];
  const kept = [
    temporaryName('step-000002'), // ours, being written
    temporary(process.ppid),
    temporary(dead, 'elsewhere'),
    `.step-000002.${dead}.tmp`,
    `.model.safetensors.${randomUUID()}.tmp`,
    `step-000002.${host}.${dead}.${randomUUID()}.tmp`,
    'notes',
  ];
  for (const name of [...abandoned, ...kept]) {
    await mkdir(join(directory, name));
    await writeFile(join(directory, name, 'model.safetensors'), 'x');
  }
  await utimes(join(directory, abandoned[1]!), 1, 1);
  await utimes(join(directory, abandoned[2]!), 1, (Date.now() - 2 * day) / 1000);
  expect((await pruneCheckpoints(directory, { keep: 1 })).toSorted()).toEqual(
    abandoned.map((name) => join(directory, name)).sort(),
  );
  expect(await names()).toEqual([...kept, 'step-000001'].sort());
});

it('has nothing to do in a folder that is missing, and refuses to keep none', async () => {
  expect(await pruneCheckpoints(join(directory, 'none'), { keep: 1 })).toEqual([]);
  for (const keep of [0, -1, 1.5, Number.NaN]) {
    await expect(pruneCheckpoints(directory, { keep })).rejects.toMatchObject({ code: 'invalid-argument' });
  }
});
