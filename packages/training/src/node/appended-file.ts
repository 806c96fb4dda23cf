/**
 * A file that is only added to, record by record in the order of the calls. A record is on the disk whole or its writer hears of it:
 * a disk that takes a part is asked for the rest. After a failure nothing more is written, as it would follow half a record.
 */
import { type FileHandle, open } from 'node:fs/promises';
import { fileFailure } from '@gmlp/base';

export interface AppendedFile {
  append(record: Uint8Array): Promise<void>;
  /** Waits for what was appended, without telling its failure again. */
  close(): Promise<void>;
}

export interface AppendedFileOptions {
  /** As `open` has them: `w` begins an empty file, `wx` one that must not exist, `a+` goes on after what is there. */
  readonly flags: 'w' | 'wx' | 'a+';
  /** Whether each record is flushed to the disk before the next one. */
  readonly flush: boolean;
}

export async function openAppendedFile(path: string, { flags, flush }: AppendedFileOptions): Promise<AppendedFile> {
  const failed = (cause: unknown): never => {
    throw fileFailure(path, cause);
  };
  const file = await open(path, flags).catch(failed);
  let pending: Promise<void> = Promise.resolve();
  return {
    append(record) {
      const write = async (): Promise<void> => {
        await writeAll(file, record);
        if (flush) await file.datasync();
      };
      pending = pending.then(write).catch(failed);
      return pending;
    },
    async close() {
      await pending.catch(() => undefined);
      await file.close().catch(failed);
    },
  };
}

async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done);
    if (bytesWritten === 0) throw new Error(`the disk took ${done} of ${bytes.length} bytes and no more`);
    done += bytesWritten;
  }
}
