/** Takes a run's metrics.jsonl back to the step that it goes on from. */
import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileFailure } from '@gmlp/base';
import { type BrokenLines, type MetricsLine, metricsLines } from './metrics-lines.ts';

export interface KeptMetrics {
  /** Later lines are dropped. */
  readonly step: number;
  /** Whether its evaluation is remembered; it will be made again otherwise. */
  readonly evaluated: boolean;
}

/** Bytes of the file from `start` to before `end`. */
type Range = readonly [start: number, end: number];

/**
 * Drops what will come again, and lines that are no records. The file is replaced at once; one that needs no change is not touched,
 * one that is missing stays so. Gives the lines that are no records, but for the last one if no line feed ends it: a process that
 * was killed may have left that, and its record comes again.
 */
export async function keepMetrics(path: string, { step, evaluated }: KeptMetrics): Promise<BrokenLines> {
  const stays = ({ record }: MetricsLine): boolean => {
    if (typeof record?.['step'] !== 'number' || record['step'] > step) return false;
    const isEvaluation = Object.keys(record).some((name) => name.startsWith('val'));
    return !isEvaluation || record['step'] < step || evaluated;
  };
  const kept: Range[] = [];
  let [length, count, first] = [0, 0, undefined as number | undefined];
  for await (const line of metricsLines(path)) {
    length = line.end;
    if (line.record === undefined && line.ended) first = ++count === 1 ? line.number : first;
    if (!stays(line)) continue;
    const last = kept.at(-1);
    if (last?.[1] === line.start) kept[kept.length - 1] = [last[0], line.end];
    else kept.push([line.start, line.end]);
  }
  const whole = kept.length === 1 && kept[0]![0] === 0 && kept[0]![1] === length;
  if (length > 0 && !whole) await keepRanges(path, kept);
  return { count, ...(first !== undefined && { first }) };
}

async function keepRanges(path: string, ranges: readonly Range[]): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`);
  const bytes = async function* (): AsyncGenerator<Buffer> {
    for (const [start, end] of ranges) yield* createReadStream(path, { start, end: end - 1 }) as AsyncIterable<Buffer>;
  };
  try {
    await pipeline(bytes, createWriteStream(temporary, { flags: 'wx', flush: true }));
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => undefined); // what went wrong first is told
    throw fileFailure(path, cause);
  }
}
