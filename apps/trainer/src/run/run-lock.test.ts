import { spawnSync } from 'node:child_process';
import { chmod, mkdtemp, readdir, readFile, readlink, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type LockHolder, lockText } from './lock-file.ts';
import { thisProcess } from './process-identity.ts';
import { type LockOptions, lockRun, trainerIsAlive } from './run-lock.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gmlp-lock-'));
  path = join(folder, 'lock.json');
});
afterEach(() => rm(folder, { recursive: true }));

/** No real second passes: looks follow at once. */
const fast: LockOptions = { wait: () => new Promise((resolve) => setTimeout(resolve, 1)) };
const deadPid = spawnSync(process.execPath, ['-e', '']).pid;
const started = new Date().toISOString();
const lockOf = (changes: Partial<LockHolder>) => lockText({ ...thisProcess(), token: 'theirs', started, ...changes });
/** A dead holder, seen as such at once where /proc says so. */
const dead = () => lockOf({ pid: deadPid, start: '1' });

it('is there until it is released, and says who holds it', async () => {
  const lock = await lockRun(folder);
  expect(lock).not.toHaveProperty('takenFrom');
  expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ pid: process.pid, host: hostname() });
  expect(await trainerIsAlive(folder)).toBe(true);
  await lock.expectHeld();
  await lock.release();
  expect(await readdir(folder)).toEqual([]);
  expect(await trainerIsAlive(folder)).toBe(false);
  await (await lockRun(folder)).release();
});

it('one that is held is refused at once, whatever the clock says', async () => {
  await writeFile(path, lockOf({ started: '2001-01-01T00:00:00.000Z' }));
  const fate = () => 'runs' as const;
  await expect(lockRun(folder, { fate })).rejects.toThrow(
    /another trainer works on .*\(process \d+ on .*, since 2001.*If it surely runs no more, remove .*lock.json/,
  );
});

it.runIf(process.platform === 'linux').each([
  ['a dead process', { pid: deadPid }],
  ['another process that has its number now', { pid: process.ppid, start: '1' }],
  ['an earlier process of this number', { pid: process.pid, start: '1' }],
])('the lock of %s is taken over at once (Linux only: /proc names processes for good)', async (_, changes) => {
  await writeFile(path, lockOf(changes));
  expect(await trainerIsAlive(folder)).toBe(false);
  const wait = () => Promise.reject(new Error('waited'));
  const lock = await lockRun(folder, { wait });
  expect(lock.takenFrom).toMatchObject({ token: 'theirs' });
  await lock.expectHeld();
  expect(await readdir(folder)).toEqual(['lock.json']);
  await lock.release();
});

it.each([
  ['another machine', { host: 'elsewhere' }],
  ['another boot or container with this host name', { system: 'another boot' }],
  ['a system that names no processes for good', { system: undefined, start: undefined, pid: process.ppid }],
])('the lock of %s is watched, and taken over if it never changes', async (_, changes) => {
  await writeFile(path, lockOf(changes));
  const told: string[] = [];
  let waited = 0;
  const wait = async () => void waited++;
  const lock = await lockRun(folder, { wait, tell: (text) => told.push(text) });
  expect({ waited, told: told.length }).toEqual({ waited: 30, told: 1 });
  expect(told[0]).toMatch(/process \d+ on .*which cannot be seen from here: it is watched for 30 s/);
  await lock.expectHeld();
  await lock.release();
});

it('one that counts on is alive, at the thirtieth look too', async () => {
  await writeFile(path, lockOf({ host: 'elsewhere' }));
  let waited = 0;
  const wait = async () => {
    if (++waited === 30) await writeFile(path, lockOf({ host: 'elsewhere' }).replace('000000000000', '000000000001'));
  };
  await expect(lockRun(folder, { wait })).rejects.toThrow(/another trainer works on/);
  expect(await trainerIsAlive(folder)).toBe(true);
});

it('waiting ends when it is asked to', async () => {
  await writeFile(path, lockOf({ host: 'elsewhere' }));
  await expect(lockRun(folder, { ...fast, signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'aborted' });
});

it.each([
  ['null', () => writeFile(path, 'null')],
  ['half a lock', () => writeFile(path, lockOf({}).slice(0, 60))],
  ['nothing', () => writeFile(path, '')],
  ['hundreds of megabytes', () => writeFile(path, '').then(() => truncate(path, 4e8))],
  ['a link to nowhere', () => symlink(join(folder, 'nowhere'), path)],
  ['a link to itself', () => symlink(path, path)],
])('%s in the place of a lock is watched and replaced', async (_, put) => {
  await put();
  expect(await trainerIsAlive(folder)).toBe(false);
  const lock = await lockRun(folder, fast);
  expect(lock.takenFrom).toBe('unknown');
  await lock.expectHeld();
  await lock.release();
  expect(await readdir(folder)).toEqual([]);
});

it('a link is replaced, what it leads to stays as it is', async () => {
  const precious = join(folder, 'precious');
  await writeFile(precious, lockOf({ pid: deadPid }));
  await symlink(precious, path);
  const lock = await lockRun(folder, fast);
  expect(await readFile(precious, 'utf8')).toBe(lockOf({ pid: deadPid }));
  await expect(readlink(path)).rejects.toThrow();
  await lock.release();
});

it.runIf(process.platform !== 'win32')('a named pipe holds nobody up (skipped on Windows)', async () => {
  spawnSync('mkfifo', [path]);
  await (await lockRun(folder, fast)).release();
});

it.each([
  ['removed', () => rm(path), /its lock.json was removed/],
  ['taken over', () => writeFile(path, lockOf({ pid: 12 })), /process 12 on .* has taken over its lock.json/],
])('whose lock was %s may not write any more, for good', async (_, lose, message) => {
  const lock = await lockRun(folder);
  const ours = await readFile(path);
  await lose();
  await expect(lock.expectHeld()).rejects.toThrow(message);
  await writeFile(path, ours);
  await expect(lock.expectHeld()).rejects.toThrow(message);
  await writeFile(path, lockOf({ pid: 12 }));
  await lock.release();
  expect(await readFile(path, 'utf8')).toBe(lockOf({ pid: 12 })); // it is another's
});

it('the holder counts in the file that it made, never in one that took its place', async () => {
  let beat = async (): Promise<void> => undefined;
  const every = (_: number, call: () => Promise<void>) => {
    beat = call;
    return () => undefined;
  };
  const lock = await lockRun(folder, { every });
  const before = JSON.parse(await readFile(path, 'utf8')) as object;
  await beat();
  expect(JSON.parse(await readFile(path, 'utf8'))).toEqual({ ...before, beat: '000000000001' });
  await writeFile(join(folder, 'new'), lockOf({}));
  await rename(join(folder, 'new'), path);
  await beat();
  expect(await readFile(path, 'utf8')).toBe(lockOf({}));
  await lock.release();
});

it.runIf(process.getuid?.() !== 0 && process.platform !== 'win32')(
  'a folder that takes nothing is an error (skipped for root)',
  async () => {
    await chmod(folder, 0o500);
    await expect(lockRun(folder)).rejects.toMatchObject({ code: 'io' });
    await chmod(folder, 0o700);
  },
);

it.each(['none', 'a dead one', 'a dead one, and a taker that died'])(
  'of many that come at once one wins; before: %s',
  async (before) => {
    for (let round = 0; round < 10; round++) {
      if (before !== 'none') await writeFile(path, dead());
      if (before.includes('taker')) await writeFile(`${path}.taking`, dead());
      await writeFile(`${path}.1234.tmp`, 'half'); // of one that was killed
      const fate = ({ pid }: LockHolder) => (pid === deadPid ? 'gone' : 'runs') as 'gone' | 'runs';
      const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => lockRun(folder, { fate })));
      const won = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
      expect(won).toHaveLength(1);
      await won[0]!.expectHeld();
      await won[0]!.release();
      expect(await readdir(folder)).toEqual([]);
    }
  },
);
