/** Where the time of training goes: every second since the loop began belongs to one of four parts. */

/** Seconds by what they were spent on. */
export interface TimeSplit {
  /** Waiting for batches. */
  readonly data: number;
  /** Losses and gradients. */
  readonly compute: number;
  /** Clipping, optimiser, average of the parameters. */
  readonly update: number;
  /** Between two records, in the hands of the caller: saving, evaluation, printing. */
  readonly save: number;
}

export interface StepClock {
  /** The time since the last call belongs to this part. */
  charge(part: keyof TimeSplit): void;
  /** Seconds from the start to the last charge. */
  readonly seconds: () => number;
  /** What was charged since the last call of this. */
  take(): TimeSplit;
}

const nothing: TimeSplit = { data: 0, compute: 0, update: 0, save: 0 };

export function stepClock(now: () => number): StepClock {
  const start = now();
  let mark = start;
  let split = nothing;
  return {
    charge(part) {
      const time = now();
      split = { ...split, [part]: split[part] + (time - mark) };
      mark = time;
    },
    seconds: () => mark - start,
    take() {
      const taken = split;
      split = nothing;
      return taken;
    },
  };
}
