/** What can be wrong with a sample, and what a reader then does: stop with an error, or count it and read on. */
import { GmlpError } from '@gmlp/base';
import type { SampleOrigin } from './image-source.ts';

export type BadSampleReason =
  | 'empty' // a file of no bytes
  | 'not an image'
  | 'no image' // a label, or a class, without an image
  | 'no label'
  | 'unknown class' // a label that is none of the classes
  | 'duplicate' // a name or key that was there before
  | 'no file' // a link, or something else that holds no bytes
  | 'cut short' // an archive that ends too early, with what it would have held
  | 'damaged';

export interface BadSample extends SampleOrigin {
  readonly reason: BadSampleReason;
  /** What was found, in words. */
  readonly detail: string;
}

/** An error for the first; to leave out all and count them; or a function that hears of each and may throw. */
export type OnBadSample = 'throw' | 'skip' | ((bad: BadSample) => void);

/** A sample that cannot be used, as an error. `reader` opens the message. */
export function badSampleError(reader: string, bad: BadSample, cause?: unknown): GmlpError {
  const { file, offset, key, reason, detail } = bad;
  const named = key === '' ? '' : `, ${key}`;
  return new GmlpError(
    'invalid-data',
    `${reader}: ${file}, byte ${offset}${named}: ${reason} (${detail}); repair it, or read with onBad: 'skip' to leave such samples out`,
    { file, offset, key, reason, detail },
    { cause },
  );
}

/** The bad sample that an error tells of. */
export function badSampleOf(error: unknown): BadSample | undefined {
  if (!GmlpError.isInstance(error) || error.code !== 'invalid-data') return undefined;
  const { file, offset, key, reason, detail } = error.fields as Partial<BadSample>;
  if (file === undefined || offset === undefined || key === undefined || reason === undefined || detail === undefined)
    return undefined;
  return { file, offset, key, reason, detail };
}

/** Of how many the details are kept; all are counted. */
const mostListed = 1000;

export interface BadSamples {
  readonly counts: ReadonlyMap<string, number>;
  /** The first thousand. */
  readonly listed: readonly BadSample[];
  report(bad: BadSample, cause?: unknown): void;
  /** The same for samples that were found bad earlier. */
  reportAll(counts: Readonly<Record<string, number>>, listed: readonly BadSample[]): void;
}

export function badSamples(reader: string, onBad: OnBadSample): BadSamples {
  const counts = new Map<string, number>();
  const listed: BadSample[] = [];
  const tell = (bad: BadSample, cause?: unknown): void => {
    if (onBad === 'throw') throw badSampleError(reader, bad, cause);
    if (onBad !== 'skip') onBad(bad);
    if (listed.length < mostListed) listed.push(bad);
  };
  const count = (reason: string, times: number): void => void counts.set(reason, (counts.get(reason) ?? 0) + times);
  return {
    counts,
    listed,
    report(bad, cause) {
      tell(bad, cause);
      count(bad.reason, 1);
    },
    reportAll(before, details) {
      for (const bad of details) tell(bad);
      for (const [reason, times] of Object.entries(before)) count(reason, times);
    },
  };
}
