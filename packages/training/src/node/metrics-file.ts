/** metrics.jsonl: one JSON object a line, appended whole and flushed, so that a reader or a killed run never sees half a line for long. */
import { open } from 'node:fs/promises';
import { figuresToJson, fileFailure } from '@gmlp/base';
import { openAppendedFile } from './appended-file.ts';

export interface MetricsFile {
  /**
   * Appends one line. Lines come out in the order of the calls; after one that could not be written there are no more. What JSON has
   * no number for is written as "Infinity" or "NaN".
   */
  write(record: object): Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts an empty file, or with `append` goes on after what is there: on a line of its own, should the last one have been broken
 * off. The file is on the disk after each line.
 */
export async function openMetricsFile(
  path: string,
  { append = false }: { readonly append?: boolean } = {},
): Promise<MetricsFile> {
  const file = await openAppendedFile(path, { flags: append ? 'a+' : 'w', flush: true });
  const encoder = new TextEncoder();
  let lineEnd = append && !(await endsALine(path)) ? '\n' : '';
  return {
    write(record) {
      const line = encoder.encode(`${lineEnd}${figuresToJson(record)}\n`);
      lineEnd = '';
      return file.append(line);
    },
    close: file.close,
  };
}

async function endsALine(path: string): Promise<boolean> {
  try {
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      return size === 0 || (await file.read(new Uint8Array(1), 0, 1, size - 1)).buffer[0] === 0x0a;
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw fileFailure(path, cause);
  }
}
