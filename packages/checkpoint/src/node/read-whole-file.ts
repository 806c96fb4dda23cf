import { fileError } from './file-errors.ts';
import type { FileSystem, OpenFile } from './file-system.ts';

/** The bytes of a file; a folder, a device or a missing file is an error of the function `where`. */
export async function readWholeFile(fileSystem: FileSystem, path: string, where: string, advice = ''): Promise<Uint8Array> {
  try {
    // Asked before it is opened: opening a pipe waits for a writer.
    const found = await fileSystem.stat(path);
    if (!found.isFile()) throw new Error('it is not a file');
    const file = await fileSystem.open(path, 'r');
    try {
      const bytes = new Uint8Array(found.size);
      await readFully(file, bytes, 0);
      return bytes;
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw fileError(where, path, cause, advice);
  }
}

/** Whether there is anything at a path. */
export async function exists(fileSystem: FileSystem, path: string, where: string): Promise<boolean> {
  try {
    await fileSystem.stat(path);
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw fileError(where, path, cause);
  }
}

/** What is asked of the disk at once: one read may not pass 2 GiB. */
const pieceBytes = 2 ** 24;

/** Fills `bytes` with what lies in a file from `position` on. */
export async function readFully(file: OpenFile, bytes: Uint8Array, position: number): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    const { bytesRead } = await file.read(bytes, at, Math.min(pieceBytes, bytes.length - at), position + at);
    if (bytesRead === 0) throw new Error(`it ended after ${position + at} bytes while it was read`);
    at += bytesRead;
  }
}
