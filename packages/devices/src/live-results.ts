/**
 * How many results of a program lie on a GPU still: they belong to the program's sessions, which must not go before the last of
 * them.
 */
export interface LiveResults {
  /** One more; gives what to call when it is freed. */
  add(): () => void;
  /** Calls `then` when there is none left: at once where there is none now. */
  whenNone(then: () => void): void;
}

export function liveResults(): LiveResults {
  let count = 0;
  let waiting: (() => void)[] = [];
  return {
    add() {
      count++;
      return () => {
        count--;
        if (count > 0) return;
        const due = waiting;
        waiting = [];
        for (const then of due) then();
      };
    },
    whenNone(then) {
      if (count === 0) then();
      else waiting.push(then);
    },
  };
}
