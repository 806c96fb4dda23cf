/** How many steps a run has time for: some steps and an evaluation are tried on a copy of the model that is thrown away. */
import { formatDuration, formatNumber, GmlpError } from '@gmlp/base';
import type { Recipe } from '../recipes/recipe.ts';
import { mostEvaluations, withSteps } from '../recipes/with-steps.ts';
import type { DeviceThread } from '../thread/device-thread.ts';
import type { TrainingJob, TrainingSurroundings } from '../thread/training-job.ts';

export interface Pace {
  /** Seconds of a step. */
  readonly step: number;
  /** Seconds of an evaluation, with the checkpoint after it. */
  readonly evaluation: number;
}

/** The part of the time that is planned: what else a machine does, and the report at the end, take some. */
const planned = 0.95;

/** The part of it that evaluations take at most: a run that is mostly measured learns little. */
const measured = 0.5;

/** As many steps as fit with their evaluations, of which there are fewer where they would take most of the time. At least one of each. */
export function stepsInTime(
  recipe: Pick<Recipe, 'steps' | 'evaluation'>,
  { step, evaluation }: Pace,
  seconds: number,
): { readonly steps: number; readonly evaluations: number } {
  const time = planned * seconds;
  const wanted = Math.min(mostEvaluations, Math.ceil(recipe.steps / recipe.evaluation.every));
  const evaluations = Math.max(1, Math.min(wanted, Math.floor((measured * time) / evaluation)));
  return { steps: Math.max(1, Math.floor((time - evaluations * evaluation) / step)), evaluations };
}

/** At least so many steps are timed, after the first, in which functions are compiled. */
const fewest = 4;
/** Steps are timed for at most this part of the budget, and no longer than so many seconds. */
const [part, longest] = [0.04, 15] as const;

export interface BudgetOf {
  readonly thread: DeviceThread;
  readonly job: TrainingJob;
  readonly data: Pick<TrainingSurroundings, 'training' | 'validation'>;
  /** Seconds of the whole command, and those that have passed of it. */
  readonly budget: number;
  readonly now: () => number;
  readonly signal: AbortSignal;
  readonly tell: (line: string) => void;
}

/** The recipe with the steps that are left time for. */
export async function recipeInBudget({ job, budget, now, tell, ...rest }: BudgetOf): Promise<Recipe> {
  const { recipe } = job;
  tell(`measuring how many steps ${formatDuration(budget)} are`);
  const pace = await paceOf({ job, budget, now, ...rest });
  const left = budget - now();
  if (left < pace.step + pace.evaluation) {
    throw new GmlpError(
      'invalid-argument',
      `train: of the budget of ${formatDuration(budget)} preparing has taken ${formatDuration(now())}, and a step and an evaluation take ${formatDuration(Math.ceil(pace.step + pace.evaluation))}; give a larger --budget`,
      { budget, ...pace },
    );
  }
  const { steps, evaluations } = stepsInTime(recipe, pace, left);
  tell(`${formatDuration(left)} are left: ${formatNumber(steps)} steps of ${shortly(pace.step)}, evaluations of ${shortly(pace.evaluation)}`); // biome-ignore format: one line
  return withSteps(recipe, steps, evaluations);
}

const shortly = (seconds: number): string =>
  seconds < 1 ? `${formatNumber(Math.round(1000 * seconds))} ms` : `${formatNumber(seconds)} s`;

async function paceOf({ thread, job, data, budget, now, signal }: Omit<BudgetOf, 'tell'>): Promise<Pace> {
  const enough = new AbortController();
  const times: number[] = [];
  const onStep = (): void => {
    times.push(now());
    const counted = times.length - 1;
    if (counted >= fewest && times.at(-1)! - times[0]! >= Math.min(part * budget, longest)) enough.abort();
  };
  const run = async (steps: number, to: AbortSignal, hear: (kind: string) => void): Promise<void> => {
    const far = { every: steps };
    const { optimiser, evaluation } = job.recipe;
    const recipe = {
      ...{ ...job.recipe, steps, checkpoints: { ...far, keep: 1 } },
      optimiser: { ...optimiser, warmupSteps: Math.min(optimiser.warmupSteps, steps) },
      evaluation: { ...evaluation, ...far, patience: null },
    };
    for await (const { kind } of thread.train({ ...job, recipe }, { ...data, signal: to, onStep })) hear(kind);
    signal.throwIfAborted();
  };
  // No run is as long, so that this one ends by being stopped.
  await run(Number.MAX_SAFE_INTEGER, AbortSignal.any([signal, enough.signal]), () => undefined);
  const each = times.slice(1).map((time, index) => time - times[index]!);
  let [began, ended] = [0, 0];
  await run(1, signal, (kind) => {
    if (kind === 'evaluation') began = times.at(-1)!;
    if (kind === 'end') ended = now();
  });
  return { step: each.sort((x, y) => x - y)[each.length >> 1]!, evaluation: ended - began };
}
