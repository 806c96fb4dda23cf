/** Progress of a stage that counts towards a known number, with the time left at the pace so far. */
import { formatDuration, formatNumber } from '@gmlp/base';
import type { ProgressLine } from '@gmlp/training/node';

export function stageProgress(line: ProgressLine, label: string, now: () => number): (done: number, total: number) => void {
  const start = now();
  return (done, total) => {
    const left = done > 0 ? `  ${formatDuration(((now() - start) / done) * (total - done))} left` : '';
    line.update(`${label}: ${formatNumber(done)} of ${formatNumber(total)}${left}`);
  };
}
