/**
 * One trainer a run: `lock.json` is there while one works on it (lock-file.ts). No clock and no process number is trusted:
 *
 * - The lock appears whole and exclusively, so of two that start at once one wins. It holds a token drawn for it alone.
 * - Its holder counts in it every five seconds. A lock whose holder surely runs no more (process-identity.ts) is taken over at once; one
 *   of whose holder nothing is certain is looked at thirty times, a second apart, and is dead if it never changed. What is no
 *   lock of ours is treated alike. Looks are counted, not time: who is held up himself judges later, not wrongly.
 * - It is taken over under a lock of its own, after one more look, by a rename. Two cannot take over the same one.
 * - Whoever writes asks before whether the token is still there. A trainer that was stopped for a minute, or whose lock.json somebody
 *   removed, ends there, for good: another may have written since.
 */
import { randomUUID } from 'node:crypto';
import { lstatSync, readFileSync, rmSync } from 'node:fs';
import { type FileHandle, open, readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as later } from 'node:timers/promises';
import { GmlpError } from '@gmlp/base';
import { createLock, type LockHolder, lockText, readLock, replaceLock, type SeenLock, seen, writeBeat } from './lock-file.ts';
import { type Fate, fateOf, type ProcessIdentity, thisProcess } from './process-identity.ts';

export interface RunLock {
  /** The dead trainer whose lock was taken over. */
  readonly takenFrom?: LockHolder | 'unknown';
  /** Throws when the lock is not this trainer's any more: to be asked before anything is written. */
  expectHeld(): Promise<void>;
  release(): Promise<void>;
}

export interface LockOptions {
  /** Hears why it takes long. */
  readonly tell?: (text: string) => void;
  /** What else its user may do where the run cannot be had: `choose another --out`. */
  readonly otherwise?: string;
  /** Ends the waiting. */
  readonly signal?: AbortSignal;
  readonly self?: ProcessIdentity;
  readonly fate?: (holder: LockHolder) => Fate;
  readonly wait?: (seconds: number) => Promise<unknown>;
  /** Calls again and again; gives what ends that. */
  readonly every?: (seconds: number, call: () => Promise<void>) => () => void;
}

const [beatEvery, lookEvery, looks] = [5, 1, 30];

/** Refuses while another process works on the run. An exit of this process gives the lock back, whatever its cause. */
export async function lockRun(directory: string, options: LockOptions = {}): Promise<RunLock> {
  const { every = repeat } = options;
  const path = join(directory, 'lock.json');
  const { token, takenFrom } = await acquire(path, directory, options).catch((error: unknown) => {
    throw options.otherwise !== undefined && GmlpError.isInstance(error) && error.code === 'io'
      ? new GmlpError('io', `${error.message}; ${options.otherwise}`, error.fields, { cause: error })
      : error;
  });
  await sweep(path);
  const file = await open(path, 'r+').catch(() => undefined); // gone already: the first write will tell
  const ours = file !== undefined && (await seen(file)).holder?.token === token;
  const endBeats = ours ? every(beatEvery, beats(file)) : () => undefined;
  let lost: GmlpError | undefined;
  const removeAtExit = (): void => removeSync(path, token);
  process.once('exit', removeAtExit);
  return {
    ...(takenFrom !== undefined && { takenFrom }),
    async expectHeld() {
      if (lost === undefined) {
        const now = await readLock(path);
        if (now?.holder?.token !== token) lost = loss(now, directory);
      }
      if (lost !== undefined) throw lost;
    },
    async release() {
      endBeats();
      process.off('exit', removeAtExit);
      await file?.close();
      await remove(path, token);
    },
  };
}

/** Whether a trainer works on the run at this moment; one of which nothing is certain from here counts as alive. */
export async function trainerIsAlive(directory: string): Promise<boolean> {
  const holder = (await readLock(join(directory, 'lock.json')))?.holder;
  return holder !== undefined && fateOf(holder) !== 'gone';
}

interface Acquired {
  readonly token: string;
  readonly takenFrom?: LockHolder | 'unknown';
}

async function acquire(path: string, directory: string, options: LockOptions): Promise<Acquired> {
  const token = randomUUID();
  const text = lockText({ ...(options.self ?? thisProcess()), token, started: new Date().toISOString() });
  for (;;) {
    if (await createLock(path, text)) return { token };
    const found = await readLock(path);
    if (found === undefined) continue;
    if (found.holder?.token === token) return { token }; // a network file system may say no to what it has done
    if (!(await isDead(found, path, directory, options))) continue;
    const taking = `${path}.taking`;
    const right = await acquire(taking, directory, options);
    try {
      if ((await readLock(path))?.stamp !== found.stamp) continue;
      await replaceLock(path, text);
      return { token, takenFrom: found.holder ?? 'unknown' };
    } finally {
      await remove(taking, right.token);
    }
  }
}

/** False when there is another lock meanwhile, or none. Refuses one that is alive. */
async function isDead(found: SeenLock, path: string, directory: string, options: LockOptions): Promise<boolean> {
  const { fate = fateOf, wait = pause, tell, signal } = options;
  const { holder } = found;
  const certain = holder === undefined ? 'unknown' : fate(holder);
  if (certain === 'gone') return true;
  if (certain === 'runs') throw refusal(holder, path, options);
  tell?.(
    `${path} is of ${nameOf(holder)}, which cannot be seen from here: it is watched for ${looks * lookEvery} s whether it works`,
  );
  for (let look = 0; look < looks; look++) {
    if (signal?.aborted) throw stopped(directory, signal);
    await wait(lookEvery);
    const now = await readLock(path);
    if (now === undefined || now.holder?.token !== holder?.token) return false;
    if (now.stamp !== found.stamp) throw refusal(holder, path, options);
  }
  return true;
}

/** What rewrites the counter; a disk that is slow or fails is asked again the next time. */
function beats(file: FileHandle): () => Promise<void> {
  let beat = 0;
  let busy = false;
  return async () => {
    if (busy) return;
    busy = true;
    await writeBeat(file, ++beat).catch(() => undefined);
    busy = false;
  };
}

const pause = (seconds: number): Promise<unknown> => later(1000 * seconds);

function repeat(seconds: number, call: () => Promise<void>): () => void {
  const timer = setInterval(() => void call(), 1000 * seconds).unref();
  return () => clearInterval(timer);
}

/** Removes the halves that killed trainers left; what another is about to link it writes again. */
async function sweep(path: string): Promise<void> {
  const folder = dirname(path);
  const halves = (await readdir(folder)).filter((name) => name.startsWith(`${basename(path)}.`) && name.endsWith('.tmp'));
  for (const name of halves) await rm(join(folder, name), { force: true });
}

async function remove(path: string, token: string): Promise<void> {
  const now = await readLock(path).catch(() => undefined);
  if (now?.holder?.token === token) await rm(path, { force: true });
}

function removeSync(path: string, token: string): void {
  try {
    if (lstatSync(path).isFile() && readFileSync(path, 'utf8').includes(token)) rmSync(path, { force: true });
  } catch {} // an exit is no place for errors; the next trainer sees that this one is gone
}

const nameOf = (holder: LockHolder | undefined): string =>
  holder === undefined ? 'an unknown program' : `process ${holder.pid} on ${holder.host}, since ${holder.started}`;

function refusal(holder: LockHolder | undefined, path: string, { otherwise }: LockOptions): GmlpError {
  const directory = dirname(path);
  const advice = otherwise === undefined ? 'wait for it or stop it' : `wait for it, stop it or ${otherwise}`;
  return new GmlpError(
    'invalid-argument',
    `lockRun: another trainer works on ${directory} (${nameOf(holder)}); ${advice}. If it surely runs no more, remove ${path}`,
    { directory, holder },
  );
}

function loss(now: SeenLock | undefined, directory: string): GmlpError {
  const how = now === undefined ? 'its lock.json was removed' : `${nameOf(now.holder)} has taken over its lock.json`;
  return new GmlpError(
    'io',
    `lockRun: this trainer may not write in ${directory} any more: ${how}. What it wrote before is whole; it ends here, so that two do not write at once`,
    { directory, lockLost: true },
  );
}

function stopped(directory: string, signal: AbortSignal): GmlpError {
  return new GmlpError('aborted', `train: stopped before it had ${directory} to itself`, { directory }, { cause: signal.reason });
}
