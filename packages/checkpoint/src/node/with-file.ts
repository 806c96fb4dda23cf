import { GmlpError } from '@gmlp/base';
import { fileError } from './file-errors.ts';
import type { FileSystem, OpenFile } from './file-system.ts';

/** Gives an open file and its length to `use`, and closes it. Whatever is wrong is an error of the function `where`. */
export async function withFile<Result>(
  fileSystem: FileSystem,
  path: string,
  where: string,
  use: (file: OpenFile, size: number) => Promise<Result>,
  advice = '',
): Promise<Result> {
  try {
    // Asked before it is opened: opening a pipe waits for a writer.
    const found = await fileSystem.stat(path);
    if (!found.isFile()) throw new Error('it is not a file');
    const file = await fileSystem.open(path, 'r');
    try {
      return await use(file, found.size);
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw fileError(where, path, cause, advice);
  }
}

/** No text that is read as a whole is longer: half of what a string can hold. */
const maximalTextBytes = 2 ** 28;

/** The bytes of a file of text. */
export function readWholeFile(fileSystem: FileSystem, path: string, where: string, advice = ''): Promise<Uint8Array> {
  return withFile(
    fileSystem,
    path,
    where,
    (file, size) => {
      if (size <= maximalTextBytes) return readFully(file, new Uint8Array(size), 0);
      const problem = `has ${size} bytes, more than the ${maximalTextBytes} that such a file may have`;
      throw new GmlpError('invalid-data', `${where}: ${path} ${problem}`, { path, size });
    },
    advice,
  );
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

/** What is asked of the disk at once: larger reads gain nothing, and none may pass 2 GiB. */
export const pieceBytes: number = 2 ** 24;

/** Fills `bytes` with what lies in a file from `position` on. `seen` is shown each piece. */
export async function readFully(
  file: OpenFile,
  bytes: Uint8Array,
  position: number,
  seen: (piece: Uint8Array) => void = () => {},
): Promise<Uint8Array> {
  for (let at = 0; at < bytes.length; ) {
    const { bytesRead } = await file.read(bytes, at, Math.min(pieceBytes, bytes.length - at), position + at);
    if (bytesRead === 0) throw new Error(`it ended after ${position + at} bytes while it was read`);
    seen(bytes.subarray(at, at + bytesRead));
    at += bytesRead;
  }
  return bytes;
}

/** Shows `length` bytes of a file from `position` on to `seen`, in the memory of one piece. */
export async function readThrough(
  file: OpenFile,
  position: number,
  length: number,
  seen?: (piece: Uint8Array) => void,
): Promise<void> {
  const piece = new Uint8Array(Math.min(pieceBytes, length));
  for (let at = 0; at < length; at += piece.length) await readFully(file, piece.subarray(0, length - at), position + at, seen);
}
