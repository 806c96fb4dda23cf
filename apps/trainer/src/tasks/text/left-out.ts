/** What a text's readers leave out: an error for the first, or a count and a list for all of them. */
import { formatNumber, GmlpError } from '@gmlp/base';
import type { BadRecord } from '@gmlp/text/node';
import type { OnBad } from './on-bad.ts';

export interface LeftOut {
  readonly counts: ReadonlyMap<string, number>;
  /** The first of them, as plain data. */
  readonly list: readonly object[];
}

/** More of them are counted, not listed. */
const mostListed = 10_000;

/** Records of text, or samples of images; `problem` is the error for the first that is not left out. */
export function leftOut<Bad extends { readonly reason: string }>(
  onBad: OnBad,
  problem: (bad: Bad) => GmlpError,
): LeftOut & { readonly report: (bad: Bad) => void } {
  const counts = new Map<string, number>();
  const list: Bad[] = [];
  return {
    counts,
    list,
    report(bad) {
      if (onBad === 'stop') throw problem(bad);
      counts.set(bad.reason, (counts.get(bad.reason) ?? 0) + 1);
      if (list.length < mostListed) list.push(bad);
    },
  };
}

export function badRecordError({ file, record, reason, detail }: BadRecord): GmlpError {
  return new GmlpError(
    'invalid-data',
    `${file}, record ${record}: ${reason} (${detail}); repair it, or leave such records out with --on-bad skip`,
    { file, record, reason },
  );
}

export const leftOutCount = ({ counts }: LeftOut): number => [...counts.values()].reduce((sum, count) => sum + count, 0);

/** `3 (2 invalid UTF-8, 1 empty)` */
export function leftOutInWords(all: LeftOut): string {
  const reasons = [...all.counts].map(([reason, count]) => `${formatNumber(count)} ${reason}`).join(', ');
  return `${formatNumber(leftOutCount(all))} (${reasons})`;
}

/** A line of JSON for each record; the last says how many more there are. */
export function leftOutLines(all: LeftOut): string {
  const more = leftOutCount(all) - all.list.length;
  const lines: object[] = more > 0 ? [...all.list, { more }] : [...all.list];
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}
