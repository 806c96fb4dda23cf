/**
 * Names for what is being written, `.NAME.HOST.PID.UUID.tmp`, and removed, `.NAME.HOST.PID.UUID.removed`: no other writer takes them,
 * nothing reads them, and they say whose they are, so that what a killed process left can be told and swept.
 */
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { fileError } from './file-errors.ts';
import type { FileSystem } from './file-system.ts';
import { namesIn } from './names-in.ts';

/** A name for what becomes the file or folder `name`. */
export const temporaryName = (name: string): string => `.${name}.${thisHost()}.${process.pid}.${randomUUID()}.tmp`;

/** A name for what was `name` and goes: nobody misses it, so whoever finds it may end its removal. */
export const removedName = (name: string): string => temporaryName(name).replace(/tmp$/, 'removed');

const pattern = /^\.(.+)\.([\w-]+)\.(\d+)\.[\da-f]{8}-[\da-f-]{27}\.(tmp|removed)$/;

/** Other hosts' processes cannot be asked whether they run; nothing takes so long to write. */
const longestWriting = 24 * 60 * 60 * 1000;

/** Whether a name is that of something left behind: half removed, or half written by a process that runs no longer. */
function isAbandoned(name: string, changedAt: number): boolean {
  const [, , host, pid, kind] = pattern.exec(name) ?? [];
  if (host === undefined) return false;
  if (kind === 'removed') return true;
  if (host !== thisHost()) return changedAt < Date.now() - longestWriting;
  // In a container that was started again the new process often has the number of the old one.
  if (Number(pid) === process.pid) return changedAt < Date.now() - process.uptime() * 1000;
  return !isRunning(Number(pid));
}

/** Removes what is left behind in a folder of what `named` picks by the name that it was to have or had; gives the paths. */
export async function sweep(
  fileSystem: FileSystem,
  directory: string,
  where: string,
  named: (name: string) => boolean,
): Promise<readonly string[]> {
  const swept: string[] = [];
  for (const name of await namesIn(fileSystem, directory, where)) {
    const original = pattern.exec(name)?.[1];
    if (original === undefined || !named(original)) continue;
    const path = join(directory, name);
    // Another process may remove it at the same moment.
    const changedAt = await fileSystem.stat(path).then(
      ({ mtimeMs }) => mtimeMs,
      () => undefined,
    );
    if (changedAt === undefined || !isAbandoned(name, changedAt)) continue;
    await fileSystem.rm(path, { recursive: true, force: true }).catch((cause: unknown) => {
      throw fileError(where, path, cause);
    });
    swept.push(path);
  }
  return swept;
}

function thisHost(): string {
  return hostname().replace(/[^\w-]/g, '_') || '_';
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0); // asks, and ends nothing
    return true;
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
