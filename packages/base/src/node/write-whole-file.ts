/**
 * Writes a file that is there whole or not at all: under a temporary name beside it, flushed to the disk, then renamed. What was
 * there before stays until then.
 */
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { GmlpError } from '../errors.ts';

/** Puts all of `bytes` at a position of the file. */
export type WriteAt = (bytes: Uint8Array, position: number) => Promise<void>;

/** `writer` opens the messages; what `write` itself throws is thrown on, and nothing is left of the file. */
export async function writeWholeFile<Result>(
  writer: string,
  path: string,
  write: (writeAt: WriteAt) => Promise<Result>,
): Promise<Result> {
  const temporary = `${path}.${process.pid}-${Math.random().toString(36).slice(2)}.tmp`;
  let file: FileHandle | undefined;
  try {
    const opened = await open(temporary, 'wx');
    file = opened;
    const result = await write((bytes, position) => writeAll(writer, path, opened, bytes, position));
    await file.sync();
    await file.close();
    file = undefined;
    await rename(temporary, path);
    await syncFolder(dirname(path));
    return result;
  } catch (cause) {
    // What went wrong first is what is told, also when nothing can be closed or removed either.
    await file?.close().catch(() => undefined);
    await rm(temporary, { force: true }).catch(() => undefined);
    // Only the file system's own errors are named after this file.
    if (GmlpError.isInstance(cause) || typeof (cause as NodeJS.ErrnoException)?.syscall !== 'string') throw cause;
    throw new GmlpError('io', `${writer}: ${path}: ${(cause as Error).message}`, { file: path }, { cause });
  }
}

async function writeAll(writer: string, path: string, file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    if (bytesWritten === 0) {
      const problem = `the disk took ${position + done} bytes and no more; free some space on it`;
      throw new GmlpError('io', `${writer}: ${path}: ${problem}`, { file: path });
    }
    done += bytesWritten;
  }
}

/** The rename itself survives a loss of power only when the folder is flushed too; Windows has no such thing. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
