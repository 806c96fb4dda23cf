/** The files of a source, opened when they are needed; of many only some are open at a time. */
import { GmlpError } from '@gmlp/base';
import type { HttpOptions } from '@gmlp/base/node';
import { type ByteSource, edgeFingerprint, openBytes, shownName } from '@gmlp/base/node';
import type { IndexedFile } from '../index-format.ts';

export interface FilePool {
  /** As they are told: addresses without what may be secret in them. */
  readonly names: readonly string[];
  /** Gives the file of a number to `use`; it stays open until that is done. */
  use<Result>(file: number, use: (bytes: ByteSource) => Promise<Result>): Promise<Result>;
  /** From now on a file that is another than the one that was indexed is refused. */
  expect(files: readonly IndexedFile[], index: string): void;
  close(): Promise<void>;
}

const mostOpen = 128;

interface Opened {
  readonly bytes: Promise<ByteSource>;
  users: number;
}

export function filePool(paths: readonly string[], http: HttpOptions = {}): FilePool {
  const names = paths.map(shownName);
  const opened = new Map<number, Opened>();
  let [expected, indexName]: [readonly IndexedFile[] | undefined, string] = [undefined, ''];
  let closed = false;

  async function open(file: number): Promise<ByteSource> {
    const bytes = await openBytes('openImageSource', paths[file]!, http);
    const known = expected?.[file];
    if (known === undefined) return bytes;
    try {
      const same = bytes.size === known.size && (await edgeFingerprint(bytes)) === known.fingerprint;
      if (!same) throw otherFile(indexName, known, bytes);
      return bytes;
    } catch (cause) {
      await bytes.close();
      throw cause;
    }
  }

  function acquire(file: number): Opened {
    if (closed)
      throw new GmlpError('disposed', `openImageSource: ${names[file]} was closed; open it again to read`, { file: names[file] });
    const known = opened.get(file);
    if (known !== undefined) {
      opened.delete(file); // to the end, as the one that was used last
      opened.set(file, known);
      return known;
    }
    const fresh: Opened = { bytes: open(file), users: 0 };
    opened.set(file, fresh);
    fresh.bytes.catch(() => opened.get(file) === fresh && opened.delete(file)); // another time it may be there
    return fresh;
  }

  async function release(): Promise<void> {
    for (const [file, each] of opened) {
      if (opened.size <= mostOpen) return;
      if (each.users > 0) continue;
      opened.delete(file);
      await closeQuietly(each);
    }
  }

  return {
    names,
    async use(file, use) {
      const each = acquire(file);
      each.users++;
      try {
        return await use(await each.bytes);
      } finally {
        each.users--;
        await release();
      }
    },
    expect(files, index) {
      [expected, indexName] = [files, index];
    },
    async close() {
      closed = true;
      const all = [...opened.values()];
      opened.clear();
      await Promise.all(all.map(closeQuietly));
    },
  };
}

async function closeQuietly({ bytes }: Opened): Promise<void> {
  const source = await bytes.catch(() => undefined);
  await source?.close();
}

function otherFile(index: string, known: IndexedFile, found: ByteSource): GmlpError {
  const sizes = known.size === found.size ? `also of ${known.size} bytes, but with others in it` : `of ${found.size} bytes`;
  return new GmlpError(
    'invalid-data',
    `openImageSource: the index ${index} is of ${known.name} (${known.size} bytes), not of ${found.name} (${sizes}); remove the index, and it is made anew, or name another file for it`,
    { file: found.name, index },
  );
}
