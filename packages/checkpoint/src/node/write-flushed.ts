import { type FileContent, partsOf } from '../model-files.ts';
import type { FileSystem } from './file-system.ts';
import { pieceBytes } from './with-file.ts';

/** Writes a new file, flushes it to the disk and gives its length. `seen` is shown each piece that was written. */
export async function writeFlushed(
  fileSystem: FileSystem,
  path: string,
  content: FileContent,
  seen: (piece: Uint8Array) => void = () => {},
): Promise<number> {
  const file = await fileSystem.open(path, 'wx');
  let position = 0;
  try {
    for (const part of partsOf(content)) {
      for (let at = 0; at < part.length; ) {
        const { bytesWritten } = await file.write(part, at, Math.min(pieceBytes, part.length - at), position);
        if (bytesWritten === 0) throw new Error(`the disk took nothing after ${position} bytes`);
        seen(part.subarray(at, at + bytesWritten));
        at += bytesWritten;
        position += bytesWritten;
      }
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return position;
}

/** Makes new names in a folder last through a power failure, where folders can be flushed (not on Windows). */
export async function flushFolder(fileSystem: FileSystem, path: string): Promise<void> {
  try {
    const folder = await fileSystem.open(path, 'r');
    await folder.sync().finally(() => folder.close());
  } catch (cause) {
    if (!notForFolders.has((cause as NodeJS.ErrnoException).code)) throw cause;
  }
}

/** What systems and network file systems answer that cannot flush a folder; a failing disk answers otherwise. */
const notForFolders: ReadonlySet<unknown> = new Set(['EPERM', 'EACCES', 'EISDIR', 'EINVAL', 'EBADF', 'ENOTSUP', 'ENOSYS']);
