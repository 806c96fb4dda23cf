/**
 * The folder of a run. All is written beside it under a temporary name; the last thing that happens is a rename, so the folder
 * holds a whole run or none. An earlier run in the same place is replaced then if it holds nothing but what the command writes;
 * anything else is never touched.
 */
import { existsSync } from 'node:fs';
import { lstat, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { fileFailure, GmlpError } from '@gmlp/base';

export interface RunFolder {
  /** Where to write. */
  readonly path: string;
  /** Puts the run in its place. */
  commit(): Promise<void>;
  /** Removes what was written; nothing after `commit`. */
  discard(): Promise<void>;
}

/** `mine`: the names of what the command writes. A folder of them alone may be replaced; without any, only an empty one is taken. */
export async function openRunFolder(target: string, mine: readonly string[]): Promise<RunFolder> {
  const place = resolve(target);
  if ((await lstat(place).catch(() => undefined))?.isSymbolicLink()) {
    const problem = `openRunFolder: ${target} is a link; name the folder that it leads to, or choose another --out`;
    throw new GmlpError('invalid-argument', problem, { target });
  }
  await sweep(place);
  const foreign = (await entries(place)).filter((name) => !mine.includes(name)).sort();
  if (foreign.length > 0) {
    const first = `${foreign.slice(0, 3).join(', ')}${foreign.length > 3 ? ', ...' : ''}`;
    const problem = mine.length > 0 ? 'holds more than what this command writes' : 'is not empty';
    throw new GmlpError('invalid-argument', `openRunFolder: ${target} ${problem} (${first}); choose another --out, or empty it`, {
      target,
      foreign,
    });
  }
  const beside = (suffix: string): string => join(dirname(place), `.${basename(place)}.${process.pid}.${suffix}`);
  const path = beside('partial');
  await rm(path, { recursive: true, force: true });
  await mkdir(path, { recursive: true }).catch((cause: Error) => {
    throw new GmlpError(
      'io',
      `openRunFolder: cannot write in ${dirname(place)}: ${cause.message}; choose another --out`,
      { target },
      { cause },
    );
  });
  return {
    path,
    async commit() {
      const old = beside('old');
      await rm(old, { recursive: true, force: true });
      if (existsSync(place)) await rename(place, old);
      await rename(path, place).catch(async (cause: unknown) => {
        if (existsSync(old)) await rename(old, place).catch(() => undefined); // what went wrong first is told
        throw fileFailure(place, cause);
      });
      await rm(old, { recursive: true, force: true });
    },
    discard: () => rm(path, { recursive: true, force: true }),
  };
}

/**
 * Ends what commands that were killed began in this place: removes what they had half written, and puts an earlier run back that had
 * stepped aside for one which did not come. Their process numbers are in the names; those of processes that run stay.
 */
async function sweep(place: string): Promise<void> {
  const folder = dirname(place);
  const names = await readdir(folder).catch(() => []); // the one that is made there will say what is wrong
  const prefix = `.${basename(place)}.`;
  for (const name of names.filter((each) => each.startsWith(prefix))) {
    const [, pid, suffix] = /^(\d+)\.(partial|old)$/.exec(name.slice(prefix.length)) ?? [];
    if (pid === undefined || (Number(pid) !== process.pid && runs(Number(pid)))) continue;
    const left = join(folder, name);
    const missing = suffix === 'old' && !existsSync(place);
    await (missing ? rename(left, place) : rm(left, { recursive: true, force: true })).catch((cause: unknown) => {
      throw fileFailure(left, cause);
    });
  }
}

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0); // asks, and ends nothing
    return true;
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

async function entries(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new GmlpError(
      'io',
      `openRunFolder: ${folder}: ${(cause as Error).message}; choose another --out`,
      { folder },
      { cause },
    );
  }
}
