/**
 * Progress on standard error: on a terminal one line that is drawn anew, elsewhere (a log, a pipe) a plain line now and then.
 * Standard output stays free for results.
 */

/** What is needed of a stream: `process.stderr` has it. */
export interface ProgressStream {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

export interface ProgressLine {
  /** Shows the text in place of the last one; too frequent calls are left out. */
  update(text: string): void;
  /** Clears the line that is drawn anew and writes a lasting one. */
  print(text: string): void;
  /** Removes the line that is drawn anew, if there is one. */
  clear(): void;
}

export interface ProgressLineOptions {
  readonly stream?: ProgressStream;
  /** Seconds between two drawings on a terminal. */
  readonly redrawEvery?: number;
  /** Seconds between two lines elsewhere. */
  readonly lineEvery?: number;
  /** Seconds on a clock that only goes forward. */
  readonly now?: () => number;
}

const eraseLine = '\r\u001b[K';

export function progressLine({
  stream = process.stderr,
  redrawEvery = 0.1,
  lineEvery = 10,
  now = () => performance.now() / 1000,
}: ProgressLineOptions = {}): ProgressLine {
  const terminal = stream.isTTY === true;
  let shown = terminal ? Number.NEGATIVE_INFINITY : now(); // what takes no time needs no line in a log
  let drawn = false;
  const clear = (): void => {
    if (drawn) stream.write(eraseLine);
    drawn = false;
  };
  return {
    update(text) {
      if (now() - shown < (terminal ? redrawEvery : lineEvery)) return;
      shown = now();
      if (!terminal) {
        stream.write(`${text}\n`);
        return;
      }
      // A line that wraps could not be erased. A terminal that nobody told its size says 0.
      stream.write(eraseLine + text.slice(0, Math.max((stream.columns || 80) - 1, 1)));
      drawn = true;
    },
    print(text) {
      clear();
      stream.write(`${text}\n`);
    },
    clear,
  };
}
