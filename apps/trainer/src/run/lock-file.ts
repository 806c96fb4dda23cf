/**
 * The file of a lock. It appears whole (written under another name, then linked to its own, which fails where there is one), so
 * what is not whole is no lock of ours. Its first field is a counter of fixed width that the holder rewrites in place.
 *
 *   { "beat": "000000000000", "token": "...", "pid": n, "host": "...", "system": "...", "start": "...", "started": "ISO time" }
 */
import { randomUUID } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import { copyFile, type FileHandle, link, lstat, open, rename, rm } from 'node:fs/promises';
import { GmlpError } from '@gmlp/base';
import type { ProcessIdentity } from './process-identity.ts';

export interface LockHolder extends ProcessIdentity {
  /** Drawn for this lock alone. */
  readonly token: string;
  /** Told to people; nothing is decided by it. */
  readonly started: string;
}

/** What lies in the place of a lock. */
export interface SeenLock {
  /** None in what is no lock of ours: another file, a link, a folder. */
  readonly holder?: LockHolder;
  /** Changes with it. */
  readonly stamp: string;
}

/** Longer files are not read. */
const longest = 4096;
const beatAt = '{"beat":"'.length;
const digits = (beat: number): string => String(beat).padStart(12, '0');

export function lockText(holder: LockHolder): string {
  return JSON.stringify({ beat: digits(0), ...holder });
}

export async function writeBeat(file: FileHandle, beat: number): Promise<void> {
  await file.write(digits(beat), beatAt);
  await file.datasync(); // or another machine does not see it
}

/** `undefined` where there is nothing. Links are not followed, and a pipe is not waited for. */
export async function readLock(path: string): Promise<SeenLock | undefined> {
  const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
  let file: FileHandle;
  try {
    file = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  } catch (cause) {
    const stats = await lstat(path).catch(() => undefined);
    if (stats === undefined && (cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    if (stats === undefined || stats.isFile()) throw lockError(path, cause);
    return { stamp: stampOf(stats) };
  }
  try {
    return await seen(file);
  } catch (cause) {
    throw lockError(path, cause);
  } finally {
    await file.close();
  }
}

/** What an open file says. */
export async function seen(file: FileHandle): Promise<SeenLock> {
  const stats = await file.stat();
  if (!stats.isFile() || stats.size > longest) return { stamp: stampOf(stats) };
  const buffer = Buffer.alloc(longest);
  const { bytesRead } = await file.read(buffer, 0, longest, 0);
  const text = buffer.toString('utf8', 0, bytesRead);
  const holder = holderOf(text);
  return holder === undefined ? { stamp: `${stampOf(stats)} ${text}` } : { holder, stamp: text };
}

/** Whether the lock is ours now; false where something lies there already. */
export async function createLock(path: string, text: string): Promise<boolean> {
  const temporary = await writeTemporary(path, text);
  try {
    // Some file systems have no links (exFAT, some network shares): there the file is copied, which is exclusive too.
    await link(temporary, path).catch((cause: NodeJS.ErrnoException) => {
      if (cause.code === 'EEXIST') throw cause;
      return copyFile(temporary, path, constants.COPYFILE_EXCL);
    });
    return true;
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    if (code === 'ENOENT') return createLock(path, text); // who got the lock has swept the other name away
    throw lockError(path, cause);
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Puts a lock in the place of what lies there; a link is replaced, not followed. */
export async function replaceLock(path: string, text: string): Promise<void> {
  const temporary = await writeTemporary(path, text);
  try {
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw lockError(path, cause);
  }
}

async function writeTemporary(path: string, text: string): Promise<string> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    const file = await open(temporary, 'wx');
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw lockError(path, cause);
  }
  return temporary;
}

function holderOf(text: string): LockHolder | undefined {
  try {
    const { token, pid, host, system, start, started } = (JSON.parse(text) ?? {}) as Partial<LockHolder>;
    const whole =
      typeof token === 'string' && Number.isSafeInteger(pid) && typeof host === 'string' && typeof started === 'string';
    return whole ? { token, pid: pid!, host, system, start, started } : undefined;
  } catch {
    return undefined;
  }
}

const stampOf = ({ ino, size, mtimeMs }: Stats): string => `${ino} ${size} ${mtimeMs}`;

function lockError(path: string, cause: unknown): GmlpError {
  return new GmlpError('io', `lockRun: ${path}: ${(cause as Error).message}`, { path }, { cause });
}
