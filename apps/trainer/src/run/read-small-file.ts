/** A text file whose size is known to be small: one that is not, or is no file at all, is refused before it fills the memory. */
import { open, stat } from 'node:fs/promises';
import { formatNumber, GmlpError } from '@gmlp/base';

/** `undefined` when there is no such file. */
export async function readSmallFile(path: string, mostBytes: number): Promise<string | undefined> {
  const found = await stat(path).catch(absent(path));
  if (found === undefined) return undefined;
  const refused = (problem: string): GmlpError => new GmlpError('invalid-data', `${path} ${problem}`, { path });
  if (!found.isFile()) throw refused('is not a file'); // asked before it is opened: opening a pipe waits for a writer
  const bytes = new Uint8Array(Math.min(found.size, mostBytes) + 1); // one more, to see that it ends
  const file = await open(path, 'r').catch(absent(path));
  if (file === undefined) return undefined;
  let length = 0;
  try {
    for (let read = -1; read !== 0 && length < bytes.length; length += read) {
      ({ bytesRead: read } = await file.read(bytes, length, bytes.length - length));
    }
  } catch (cause) {
    return absent(path)(cause as NodeJS.ErrnoException);
  } finally {
    await file.close();
  }
  const { size } = found;
  if (size > mostBytes) throw refused(`has ${formatNumber(size)} bytes, where at most ${formatNumber(mostBytes)} make sense`);
  if (length > size) throw refused('grew while it was read; read it again');
  return new TextDecoder().decode(bytes.subarray(0, length));
}

const absent =
  (path: string) =>
  (cause: NodeJS.ErrnoException): undefined => {
    if (cause.code === 'ENOENT' || cause.code === 'ENOTDIR') return undefined;
    throw new GmlpError('io', `cannot read ${path}: ${cause.message}`, { path }, { cause });
  };
