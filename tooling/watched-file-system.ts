/**
 * For tests: Node's file system with something between it and who asks: operations that fail, a disk that takes little at a time,
 * a process that dies. Whatever writes files takes a `fileSystem`, and is to leave its folder well at every operation.
 */
import { join } from 'node:path';
import { type FileSystem, nodeFileSystem, type OpenFile } from '../packages/checkpoint/src/node/file-system.ts';

/** Everything that a failing disk may refuse. */
export type Operation = 'open' | 'write' | 'sync' | 'mkdir' | 'rename' | 'rm';
/** Throws what the disk answers, or lets an operation pass. */
export type Watch = (operation: Operation) => void;

/** Node's file system, watched. A write that is let pass writes at most `most` bytes. */
export function watched(watch: Watch, most: number = Number.POSITIVE_INFINITY): FileSystem {
  const told =
    <Arguments extends unknown[], Result>(operation: Operation, run: (...args: Arguments) => Promise<Result>) =>
    async (...args: Arguments): Promise<Result> => {
      watch(operation);
      return run(...args);
    };
  /** A folder goes file by file: at each of them it may fail. */
  const removing: FileSystem['rm'] = async (path, options) => {
    const names = options.recursive ? await nodeFileSystem.readdir(path).catch(() => []) : [];
    for (const name of names) await removing(join(path, name), options);
    watch('rm');
    await nodeFileSystem.rm(path, options);
  };
  return {
    ...nodeFileSystem,
    mkdir: told('mkdir', nodeFileSystem.mkdir),
    rename: told('rename', nodeFileSystem.rename),
    rm: removing,
    open: told('open', async (path: string, flags: 'r' | 'wx'): Promise<OpenFile> => {
      const file = await nodeFileSystem.open(path, flags);
      return {
        read: (...args) => file.read(...args),
        write: told('write', (buffer, offset, length, position) => file.write(buffer, offset, Math.min(length, most), position)),
        sync: told('sync', () => file.sync()),
        close: () => file.close(),
      };
    }),
  };
}

/** What a disk answers. */
export const failure = (code: string): Error => Object.assign(new Error(`${code}: the disk said no`), { code });

/** Fails at the `nth` of some operations, once. */
export function failingOnce(nth: number, code: string, operations: readonly Operation[]): Watch {
  let count = 0;
  return (operation) => {
    if (operations.includes(operation) && ++count === nth) throw failure(code);
  };
}

/** Runs `act` and lets `alive` of its operations happen and none after them, as if its process had been killed; gives whether it was. */
export async function diesAfter(alive: number, act: (fileSystem: FileSystem) => Promise<unknown>): Promise<boolean> {
  let count = 0;
  const fileSystem = watched(() => {
    if (++count > alive) throw failure('EIO');
  });
  await act(fileSystem).catch((error: unknown) => {
    if (count <= alive) throw error;
  });
  return count > alive;
}

/** Runs `body` with 1, 2, 3 ... until it says that nothing failed any more, and gives how often it failed. */
export async function untilNothingFails(body: (nth: number) => Promise<boolean>): Promise<number> {
  for (let nth = 1; ; nth++) if (!(await body(nth))) return nth - 1;
}
