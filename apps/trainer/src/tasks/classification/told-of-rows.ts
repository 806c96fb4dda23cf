/** What is told and expected of rows that were read to be trained on, of whatever they are. */
import { join } from 'node:path';
import { formatNumber, GmlpError } from '@gmlp/base';
import { writeFileAtomically } from '@gmlp/checkpoint/node';
import type { DataSurroundings } from '../task.ts';
import { leftOutCount, leftOutInWords, leftOutLines } from '../text/left-out.ts';
import type { leftOutRecords } from './left-out-records.ts';

/** `what` they are: texts, questions. Their list lies in the folder of the data. */
export async function tellLeftOut(
  bad: ReturnType<typeof leftOutRecords>,
  what: string,
  { folder, progress }: Pick<DataSurroundings, 'folder' | 'progress'>,
): Promise<void> {
  if (leftOutCount(bad) === 0) return;
  const list = join(folder, 'left-out.jsonl');
  await writeFileAtomically(list, leftOutLines(bad));
  progress.print(`${what} left out: ${leftOutInWords(bad)}, listed in ${list}`);
}

/** `rows` and what they are made of, `taken`, in words. */
export function expectFullBatch(
  count: number,
  batchSize: number,
  { rows, taken }: { readonly rows: string; readonly taken: string },
): void {
  if (count >= batchSize) return;
  throw new GmlpError(
    'invalid-argument',
    `train: there are ${formatNumber(count)} ${rows} to train on, fewer than a batch has (batchSize ${batchSize}); take more ${taken}, or a smaller batchSize`,
    { count, batchSize },
  );
}
