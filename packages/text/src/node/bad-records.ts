/** What can be wrong with a record, and what a reader then does: stop with an error, or count it and read on. */
import { GmlpError } from '@gmlp/base';

export type BadRecordReason =
  | 'broken gzip' // cut short, its bytes changed, or something between its members
  | 'broken JSON'
  | 'no text' // no object with a string `text`
  | 'invalid UTF-8'
  | 'too long' // more bytes than `maxRecordBytes`
  | 'wrong columns' // more or fewer than the file has names for
  | 'broken quotes' // of CSV: a field that is not closed, or a mark inside one
  | 'NUL' // in a text
  | 'half a surrogate pair' // in a text
  | 'no label'
  | 'unknown label'
  | 'empty' // a file without a record
  | 'no file' // a link that leads nowhere, a named pipe, a device
  | 'given up'; // a file with far more bad records than good ones: its rest is not read

export interface BadRecord {
  readonly reason: BadRecordReason;
  readonly file: string;
  readonly record: number;
  /** What was found, in words, with the position where there is one. */
  readonly detail: string;
}

/** An error for the first; to leave out all and count them; or a function that hears of each and may throw. */
export type OnBadRecord = 'throw' | 'skip' | ((bad: BadRecord) => void);

export interface BadRecords {
  readonly counts: ReadonlyMap<BadRecordReason, number>;
  report(reason: BadRecordReason, file: string, record: number, detail: string, cause?: unknown): void;
}

export function badRecords(reader: string, onBadRecord: OnBadRecord): BadRecords {
  const counts = new Map<BadRecordReason, number>();
  return {
    counts,
    report(reason, file, record, detail, cause) {
      if (onBadRecord === 'throw') {
        throw new GmlpError(
          'invalid-data',
          `${reader}: ${file}, record ${record}: ${reason} (${detail}); repair it, or read with onBadRecord: 'skip' to leave such records out`,
          { file, record, reason },
          { cause },
        );
      }
      if (onBadRecord !== 'skip') onBadRecord({ reason, file, record, detail });
      counts.set(reason, (counts.get(reason) ?? 0) + 1);
    },
  };
}

/** A stream of documents that can say where it is and what it left out. */
export interface DocumentStream<D> extends AsyncIterable<D> {
  /** After the last document that came out; `null` before the first. Pass it as `from` to read on there. */
  position(): DocumentPosition | null;
  skipped(): ReadonlyMap<BadRecordReason, number>;
}

export interface DocumentPosition {
  readonly file: string;
  /** The first record of the file that is still to come. */
  readonly record: number;
}

/** The index of the file to start with. */
export function startingFile(reader: string, files: readonly string[], from: DocumentPosition | undefined): number {
  if (from === undefined) return 0;
  const index = files.indexOf(from.file);
  if (index < 0 || !Number.isInteger(from.record) || from.record < 0) {
    throw new GmlpError(
      'not-found',
      `${reader}: cannot resume at record ${from.record} of ${from.file}: expected one of the ${files.length} files being read`,
      { ...from },
    );
  }
  return index;
}
