/** metrics.jsonl: one JSON object a line, appended whole and flushed, so that a reader or a killed run never sees half a line for long. */
import { open } from 'node:fs/promises';
import { figuresToJson, GmlpError } from '@gmlp/base';

export interface MetricsFile {
  /** Appends one line. Lines come out in the order of the calls. What JSON has no number for is written as "Infinity" or "NaN". */
  write(record: object): Promise<void>;
  close(): Promise<void>;
}

/** Starts an empty file, or with `append` goes on after what is there. */
export async function openMetricsFile(
  path: string,
  { append = false }: { readonly append?: boolean } = {},
): Promise<MetricsFile> {
  const handle = await open(path, append ? 'a' : 'w').catch((cause: unknown) => {
    throw new GmlpError(
      'io',
      `openMetricsFile: cannot write ${path}; choose a folder that exists and is writable`,
      { path },
      { cause },
    );
  });
  let pending: Promise<void> = Promise.resolve();
  return {
    write(record) {
      const line = `${figuresToJson(record)}\n`;
      pending = pending.then(async () => {
        try {
          await handle.write(line);
          await handle.datasync();
        } catch (cause) {
          throw new GmlpError('io', `openMetricsFile: ${path}: ${(cause as Error).message}`, { path }, { cause });
        }
      });
      return pending;
    },
    async close() {
      await pending.catch(() => undefined); // the failed write has told its caller
      await handle.close();
    },
  };
}
