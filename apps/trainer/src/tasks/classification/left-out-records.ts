import { badRecordError, type LeftOut, leftOut } from '../text/left-out.ts';
import type { OnBad } from '../text/on-bad.ts';

type BadRecord = Parameters<typeof badRecordError>[0];

/** What becomes of records of classified texts that cannot be used; `stop` by default. */
export const leftOutRecords = ({
  onBad = 'stop',
}: {
  readonly onBad?: OnBad;
}): LeftOut & { readonly report: (bad: BadRecord) => void } => leftOut(onBad, badRecordError);
