/**
 * One trainer a run: `lock.json` is there while one works on it. It is created exclusively, so of two that start at once one
 * wins. The lock of a process that died is taken over, under a lock of its own, or two could take over the same one.
 *
 *   lock.json: { "pid": n, "host": "...", "started": "ISO time" }
 */
import { rmSync } from 'node:fs';
import { open, readFile, rm } from 'node:fs/promises';
import { hostname, uptime } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { GmlpError } from '@gmlp/base';

export interface LockHolder {
  readonly pid: number;
  readonly host: string;
  readonly started: string;
}

export interface RunLock {
  /** The dead trainer whose lock was taken over. */
  readonly takenFrom?: LockHolder | 'unknown';
  release(): Promise<void>;
}

/** Refuses while another process works on the run. An exit of this process gives the lock back, whatever its cause. */
export async function lockRun(directory: string): Promise<RunLock> {
  const path = join(directory, 'lock.json');
  const takenFrom = await acquire(path, directory);
  const removeAtExit = (): void => rmSync(path, { force: true });
  process.once('exit', removeAtExit);
  return {
    ...(takenFrom !== undefined && { takenFrom }),
    async release() {
      process.off('exit', removeAtExit);
      await rm(path, { force: true });
    },
  };
}

/** Whether a trainer works on the run at this moment; one on another host counts as alive. */
export async function trainerIsAlive(directory: string): Promise<boolean> {
  const holder = await readHolder(join(directory, 'lock.json'));
  return holder !== 'gone' && (holder === 'unknown' || !isDead(holder));
}

async function acquire(path: string, directory: string): Promise<LockHolder | 'unknown' | undefined> {
  if (await create(path, directory)) return undefined;
  const holder = await readHolder(path);
  if (holder === 'gone') return acquire(path, directory);
  if (holder !== 'unknown' && !isDead(holder)) throw refusal(holder, path, directory);
  const taking = `${path}.taking`;
  await acquire(taking, directory);
  try {
    const now = await readHolder(path);
    if (JSON.stringify(now) === JSON.stringify(holder)) await rm(path, { force: true });
    if (await create(path, directory)) return holder;
    throw refusal(await readHolder(path), path, directory);
  } finally {
    await rm(taking, { force: true });
  }
}

async function create(path: string, directory: string): Promise<boolean> {
  const file = await open(path, 'wx').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'EEXIST') return undefined;
    throw new GmlpError('io', `lockRun: ${path}: ${cause.message}; choose another --out`, { directory }, { cause });
  });
  if (file === undefined) return false;
  const holder: LockHolder = { pid: process.pid, host: hostname(), started: new Date().toISOString() };
  try {
    await file.writeFile(JSON.stringify(holder));
    await file.sync();
    await file.close();
  } catch (cause) {
    await file.close();
    await rm(path, { force: true });
    throw new GmlpError('io', `lockRun: ${path}: ${(cause as Error).message}`, { directory }, { cause });
  }
  return true;
}

/** Who holds the lock. A file without a holder is being written at this moment, or its writer died while it did. */
async function readHolder(path: string): Promise<LockHolder | 'unknown' | 'gone'> {
  for (let attempt = 0; attempt < 20; attempt++) {
    try {
      const { pid, host, started } = JSON.parse(await readFile(path, 'utf8')) as Partial<LockHolder>;
      if (typeof pid === 'number' && typeof host === 'string' && typeof started === 'string') return { pid, host, started };
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT') return 'gone';
      if (!(error instanceof SyntaxError))
        throw new GmlpError('io', `lockRun: ${path}: ${(error as Error).message}`, { path }, { cause: error });
    }
    await wait(50);
  }
  return 'unknown';
}

/** Whether the holder is surely gone. Process numbers come back: one is another's if it is older than the machine's start. */
function isDead({ pid, host, started }: LockHolder): boolean {
  if (host !== hostname()) return false;
  const age = Date.now() - Date.parse(started);
  if (age > uptime() * 1000 + 5000) return true;
  if (pid === process.pid) return age > process.uptime() * 1000 + 100;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'; // EPERM: it lives, as another user's
  }
}

function refusal(holder: LockHolder | 'unknown' | 'gone', path: string, directory: string): GmlpError {
  const who = typeof holder === 'string' ? 'another process' : `process ${holder.pid} on ${holder.host}, since ${holder.started}`;
  return new GmlpError(
    'invalid-argument',
    `lockRun: another trainer works on ${directory} (${who}); wait for it, stop it or choose another --out. If it surely runs no more, remove ${path}`,
    { directory, holder },
  );
}
