/**
 * metrics.jsonl line by line, however long the file: what each line holds, and where it lies. A line that is longer than any record
 * is passed over without being held.
 */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { GmlpError } from '@gmlp/base';

export interface MetricsLine {
  /** From 1. */
  readonly number: number;
  /** Its first byte, and the one after its line feed. */
  readonly start: number;
  readonly end: number;
  /** Whether a line feed ends it: the last line of a killed run may have none. */
  readonly ended: boolean;
  /** Absent for what is no record: half a line, or anything else than a JSON object. */
  readonly record?: Readonly<Record<string, unknown>>;
}

/** The lines that are no records. */
export interface BrokenLines {
  readonly count: number;
  /** The number of the first one. */
  readonly first?: number;
}

/** A line longer than this is no record of ours. */
const longestLine = 1e6;

/** Empty lines are left out; a missing file has none. */
export async function* metricsLines(path: string): AsyncGenerator<MetricsLine, void, void> {
  const decoder = new TextDecoder();
  let [number, start, end] = [1, 0, 0];
  let parts: Uint8Array[] = [];
  const line = (ended: boolean): MetricsLine | undefined => {
    const text = end - start > longestLine ? undefined : decoder.decode(Buffer.concat(parts));
    const record = text === undefined ? undefined : parsed(text);
    const made = text?.trim() === '' ? undefined : { number, start, end, ended, ...(record && { record }) };
    [number, start, parts] = [number + 1, end, []];
    return made;
  };
  const add = (part: Uint8Array): void => {
    end += part.length;
    if (end - start > longestLine) parts = [];
    else parts.push(part);
  };
  try {
    if (!(await stat(path)).isFile()) throw new Error('it is not a file');
    for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 20 }) as AsyncIterable<Buffer>) {
      let from = 0;
      for (let feed = chunk.indexOf(0x0a); feed >= 0; feed = chunk.indexOf(0x0a, from)) {
        add(chunk.subarray(from, feed + 1));
        from = feed + 1;
        const made = line(true);
        if (made !== undefined) yield made;
      }
      add(chunk.subarray(from));
    }
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw new GmlpError('io', `cannot read ${path}: ${(cause as Error).message}`, { path }, { cause });
  }
  const last = end > start ? line(false) : undefined;
  if (last !== undefined) yield last;
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
