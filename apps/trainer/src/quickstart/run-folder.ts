/**
 * The folder of a run. All is written beside it under a temporary name; the last thing that happens is a rename, so the folder
 * holds a whole run or none. An earlier run in the same place is replaced then, and anything else is never touched.
 */
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { GmlpError } from '@gmlp/base';

export interface RunFolder {
  /** Where to write. */
  readonly path: string;
  /** Puts the run in its place. */
  commit(): Promise<void>;
  /** Removes what was written; nothing after `commit`. */
  discard(): Promise<void>;
}

/** A folder with this file in it is a run of ours and may be replaced. */
const mark = 'metrics.jsonl';

export async function openRunFolder(target: string): Promise<RunFolder> {
  const place = resolve(target);
  const present = await entries(place);
  if (present.length > 0 && !present.includes(mark)) {
    throw new GmlpError(
      'invalid-argument',
      `openRunFolder: ${target} is not empty and holds no run (it has no ${mark}); choose another --out, or empty it`,
      { target },
    );
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
      if (existsSync(place)) await rename(place, old);
      await rename(path, place);
      await rm(old, { recursive: true, force: true });
    },
    discard: () => rm(path, { recursive: true, force: true }),
  };
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
