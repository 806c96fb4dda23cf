/** Takes a run's metrics.jsonl back to the step that it goes on from. */
import { readFile } from 'node:fs/promises';
import { GmlpError } from '@gmlp/base';
import { writeFileAtomically } from '@gmlp/checkpoint/node';

export interface KeptMetrics {
  /** Later lines are dropped. */
  readonly step: number;
  /** The steps of the evaluations that are remembered; others will be made again. */
  readonly evaluated: ReadonlySet<number>;
}

/**
 * Drops what will come again, and lines that are no records: a process that was killed may have left half a line. The file is
 * replaced at once; one that needs no change is not touched, one that is missing stays so.
 */
export async function keepMetrics(path: string, { step, evaluated }: KeptMetrics): Promise<void> {
  const text = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return '';
    throw new GmlpError('io', `keepMetrics: ${path}: ${cause.message}`, { path }, { cause });
  });
  const stays = (line: string): boolean => {
    const record = parsed(line);
    if (typeof record?.step !== 'number' || record.step > step) return false;
    return record.valLoss === undefined || evaluated.has(record.step);
  };
  const kept = text
    .split('\n')
    .filter(stays)
    .map((line) => `${line}\n`)
    .join('');
  if (kept !== text) await writeFileAtomically(path, kept);
}

function parsed(line: string): { readonly step?: unknown; readonly valLoss?: unknown } | null {
  try {
    return JSON.parse(line) as { readonly step?: unknown };
  } catch {
    return null; // half a line
  }
}
