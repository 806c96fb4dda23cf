import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { lockRun } from './run-lock.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gmlp-lock-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** The number of a process that ran and is gone. */
const deadPid = spawnSync(process.execPath, ['-e', '']).pid;
const holder = (changes: object) =>
  JSON.stringify({ pid: process.ppid, host: hostname(), started: new Date().toISOString(), ...changes });

it('is there until it is released, and says who holds it', async () => {
  const lock = await lockRun(folder);
  expect(lock).not.toHaveProperty('takenFrom');
  expect(JSON.parse(await readFile(join(folder, 'lock.json'), 'utf8'))).toMatchObject({ pid: process.pid, host: hostname() });
  await expect(lockRun(folder)).rejects.toThrow(new RegExp(`another trainer works on .*process ${process.pid} on `));
  await lock.release();
  expect(await readdir(folder)).toEqual([]);
  await (await lockRun(folder)).release();
});

it.each([
  ['a living process', {}],
  ['another machine, whose processes cannot be seen', { host: 'elsewhere', pid: 1 }],
])('the lock of %s is respected', async (_, changes) => {
  await writeFile(join(folder, 'lock.json'), holder(changes));
  await expect(lockRun(folder)).rejects.toThrow(/If it surely runs no more, remove .*lock.json/);
});

it('the lock of a dead process is taken over, and told', async () => {
  await writeFile(join(folder, 'lock.json'), holder({ pid: deadPid }));
  const lock = await lockRun(folder);
  expect(lock.takenFrom).toMatchObject({ pid: deadPid });
  expect(await readdir(folder)).toEqual(['lock.json']);
  await lock.release();
});

it.each([
  ['from before the machine started', { started: '2001-01-01T00:00:00.000Z' }],
  ['of this process number, from before this process', { pid: process.pid, started: '2001-01-01T00:00:00.000Z' }],
])('a lock %s is taken over', async (_, changes) => {
  await writeFile(join(folder, 'lock.json'), holder(changes));
  await (await lockRun(folder)).release();
});

it('a lock that was never written whole is taken over after a while', async () => {
  await writeFile(join(folder, 'lock.json'), '{"pid": 1');
  const lock = await lockRun(folder);
  expect(lock.takenFrom).toBe('unknown');
  await lock.release();
});

it.each(['none', 'a dead one', 'a dead one, and a taker that died'])(
  'of many that come at once one wins; before: %s',
  async (before) => {
    for (let round = 0; round < 10; round++) {
      if (before !== 'none') await writeFile(join(folder, 'lock.json'), holder({ pid: deadPid }));
      if (before.includes('taker')) await writeFile(join(folder, 'lock.json.taking'), holder({ pid: deadPid }));
      const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => lockRun(folder)));
      const won = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
      expect(won).toHaveLength(1);
      await won[0]!.release();
      expect(await readdir(folder)).toEqual([]);
    }
  },
);
