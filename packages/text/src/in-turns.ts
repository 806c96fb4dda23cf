/** Long computations in slices, so that timers, signals and what draws the progress have their turn between them. */

/** Milliseconds of work between two pauses. */
const slice = 50;

/** Runs to the end what gives way at every `yield`; `onStep` is told what it yields, and ends it by throwing. */
export async function inTurns<Step, Result>(work: Generator<Step, Result>, onStep: (step: Step) => void): Promise<Result> {
  let since = performance.now();
  for (let step = work.next(); ; step = work.next()) {
    if (step.done) return step.value;
    onStep(step.value);
    if (performance.now() - since < slice) continue;
    await new Promise<void>((resolve) => setTimeout(resolve));
    since = performance.now();
  }
}

/** Runs it to the end without a pause. */
export function atOnce<Result>(work: Generator<unknown, Result>): Result {
  for (let step = work.next(); ; step = work.next()) if (step.done) return step.value;
}
