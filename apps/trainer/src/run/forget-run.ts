/** Takes away what a run wrote that saved no step: nothing of it can be gone on with, and another run may begin in its folder. */
import { readdir, rm, rmdir } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { fileFailure } from '@gmlp/base';
import { isOfRun } from './run-entries.ts';

/** Leaves the lock, which is its holder's, and what no run writes. */
export async function forgetRun(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    if (!isOfRun(name) || name.startsWith('lock.json')) continue;
    const path = join(directory, name);
    await rm(path, { recursive: true, force: true }).catch((cause: unknown) => {
      throw fileFailure(path, cause);
    });
  }
}

/** Removes the folder and those around it that were made with it, `first` being the outermost, as far as they are empty. */
export async function removeEmpty(directory: string, first: string): Promise<void> {
  for (let path = resolve(directory); !relative(resolve(first), path).startsWith('..'); path = dirname(path)) {
    try {
      await rmdir(path);
    } catch {
      return; // somebody put something there: it stays
    }
  }
}
