/** Opens what data are read from: a file, or a link to one. To open a named pipe would wait for its writer, so others are refused first. */
import type { Stats } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { GmlpError } from '../errors.ts';

/** `undefined` for a file; else what the thing is, in words. */
export function otherThanFile(stats: Stats): string | undefined {
  if (stats.isFile()) return undefined;
  if (stats.isDirectory()) return 'a folder';
  if (stats.isFIFO()) return 'a named pipe';
  if (stats.isSocket()) return 'a socket';
  return 'a device';
}

/** Opens a message: a function's name has a colon behind it, words have not. */
const opening = (reader: string): string => (reader.includes(' ') ? reader : `${reader}:`);

/** What the file system said, as an error that names the file; `reader` opens the message. */
export function readFailure(reader: string, path: string, cause: unknown): GmlpError {
  if (GmlpError.isInstance(cause)) return cause;
  const { code, message } = cause as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return new GmlpError('not-found', `${opening(reader)} ${path} does not exist`, { file: path }, { cause });
  return new GmlpError('io', `${opening(reader)} ${path}: ${message}`, { file: path }, { cause });
}

export async function openRegularFile(
  reader: string,
  path: string,
): Promise<{ readonly file: FileHandle; readonly size: number }> {
  try {
    const before = await stat(path);
    const other = otherThanFile(before);
    if (other !== undefined) {
      throw new GmlpError('invalid-argument', `${opening(reader)} ${path} is ${other}, expected a file`, { file: path });
    }
    return { file: await open(path, 'r'), size: before.size };
  } catch (cause) {
    throw readFailure(reader, path, cause);
  }
}

/** As many bytes as there are, at most as many as fit. */
export async function readFully(file: FileHandle, bytes: Uint8Array, position: number): Promise<number> {
  let done = 0;
  while (done < bytes.length) {
    const { bytesRead } = await file.read(bytes, done, bytes.length - done, position + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return done;
}
