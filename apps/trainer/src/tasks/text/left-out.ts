/** What a text's readers leave out: an error for the first, or a count and a list for all of them. */
import { formatNumber, GmlpError } from '@gmlp/base';
import type { BadRecord, BadRecordReason } from '@gmlp/text/node';
import type { OnBad } from './on-bad.ts';

export interface LeftOut {
  readonly counts: ReadonlyMap<BadRecordReason, number>;
  /** The first of them. */
  readonly list: readonly BadRecord[];
}

/** More of them are counted, not listed. */
const mostListed = 10_000;

export function leftOutRecords(onBad: OnBad): LeftOut & { readonly report: (bad: BadRecord) => void } {
  const counts = new Map<BadRecordReason, number>();
  const list: BadRecord[] = [];
  return {
    counts,
    list,
    report(bad) {
      if (onBad === 'stop') throw badRecordError(bad);
      counts.set(bad.reason, (counts.get(bad.reason) ?? 0) + 1);
      if (list.length < mostListed) list.push(bad);
    },
  };
}

function badRecordError({ file, record, reason, detail }: BadRecord): GmlpError {
  return new GmlpError(
    'invalid-data',
    `${file}, record ${record}: ${reason} (${detail}); repair it, or leave such records out with --on-bad skip`,
    { file, record, reason },
  );
}

export const leftOutCount = ({ counts }: LeftOut): number => [...counts.values()].reduce((sum, count) => sum + count, 0);

/** `3 (2 invalid UTF-8, 1 empty)` */
export function leftOutInWords(leftOut: LeftOut): string {
  const reasons = [...leftOut.counts].map(([reason, count]) => `${formatNumber(count)} ${reason}`).join(', ');
  return `${formatNumber(leftOutCount(leftOut))} (${reasons})`;
}

/** A line of JSON for each record; the last says how many more there are. */
export function leftOutLines(leftOut: LeftOut): string {
  const more = leftOutCount(leftOut) - leftOut.list.length;
  const lines: object[] = more > 0 ? [...leftOut.list, { more }] : [...leftOut.list];
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}
