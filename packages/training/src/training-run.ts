/**
 * The training of a run as a stream of what happens in it: records, evaluations, checkpoints, the end. It runs beside its
 * device, knows no files and no terminal, and stands still while the taker looks at an event. It takes the same decisions
 * (what to evaluate, what to save, when to stop early) whether it began at the first step or at a checkpoint.
 */
import { GmlpError, type HostArray, key, split } from '@gmlp/base';
import { type Device, disposeTree, type Host } from '@gmlp/devices';
import { initialValues, loadStrict, type Spec, spatialForm, toNamed } from '@gmlp/layers';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { EvaluationRecord } from './evaluation-record.ts';
import { alone, type Exchange } from './exchange.ts';
import { expectPlan } from './expect-plan.ts';
import { expectBatches, expectRun } from './expect-run.ts';
import { heldOut } from './held-out.ts';
import type { HostBatches } from './host-batch.ts';
import type { Objective } from './objective.ts';
import { optimiserOf, scheduleOf } from './optimiser-settings.ts';
import { loadedOptimiser, savedOptimiser } from './saved-optimiser.ts';
import { type Metrics, trainSteps, type Work } from './train-steps.ts';
import type { TrainingPlan } from './training-plan.ts';
import { putState, readState, type TrainingState } from './training-state.ts';
import { trainingStep } from './training-step.ts';

/** What a run goes on from besides arrays: plain JSON, in each checkpoint. */
export interface RunProgress {
  /** All evaluations so far. */
  readonly evaluations: readonly EvaluationRecord[];
  /** Seconds of training so far. */
  readonly seconds: number;
  /** The steps since the last record. */
  readonly unrecorded?: TrainingState<unknown, unknown>['unrecorded'];
}

export interface RunCheckpoint {
  readonly step: number;
  readonly model: ReadonlyMap<string, HostArray>;
  readonly optimiser: ReadonlyMap<string, HostArray>;
  readonly ema?: ReadonlyMap<string, HostArray>;
  readonly progress: RunProgress;
}

export type TrainingEvent =
  | { readonly kind: 'record'; readonly metrics: Metrics }
  /** The weights by which blocks map tokens, as `spatialForm` finds them, come with it. */
  | { readonly kind: 'evaluation'; readonly evaluation: EvaluationRecord; readonly filters: ReadonlyMap<string, HostArray> }
  | { readonly kind: 'checkpoint'; readonly checkpoint: RunCheckpoint; readonly best: number | undefined }
  | {
      readonly kind: 'end';
      readonly outcome: 'finished' | 'early' | 'stopped';
      readonly step: number;
      readonly progress: RunProgress;
    };

export interface TrainingRunOptions<P, B, About = unknown> {
  readonly device: Device;
  readonly spec: Spec<P>;
  readonly objective: Objective<P, B, About>;
  /** Training batches from number `first` on, endless. Batch number b is the same whenever it is asked for. */
  readonly training: (first: number) => HostBatches<B, About>;
  /** All batches that are held out, in their order; absent where the plan has no evaluation. */
  readonly validation?: (() => HostBatches<B, About>) | undefined;
  /** The parameters to begin with, by name; left out, they are drawn by the seed. */
  readonly parameters?: ReadonlyMap<string, HostArray> | undefined;
  /** Where to go on. */
  readonly from?: RunCheckpoint | undefined;
  /** The processes that train together; `alone` by default. */
  readonly exchange?: Exchange;
  /** Once it aborts, the step under way is finished and saved, and the run ends as `stopped`. */
  readonly signal: AbortSignal;
  /** What a micro-batch costs, and the device's own rate in products: records then tell how fast it computes. */
  readonly work?: Work | undefined;
  /** After each step; the next begins when what it gives is done. Until then the parameters are there, on the device, to be looked at. */
  readonly onStep?: (step: number, params: P) => void | Promise<void>;
  readonly onEvaluationBatch?: (done: number) => void;
  /** Seconds on a clock that only goes forward. */
  readonly now?: () => number;
}

export async function* trainingRun<P, B, About = unknown>(
  plan: TrainingPlan,
  options: TrainingRunOptions<P, B, About>,
): AsyncGenerator<TrainingEvent, void, void> {
  type State = TrainingState<P, unknown>;
  const { device, spec, objective, training, parameters, from, exchange = alone, signal, onStep } = options;
  const { now = () => performance.now() / 1000, work } = options;
  const { steps, accumulate, optimiser, checkpoints } = plan;
  expectRun(options, plan);
  expectPlan(plan, from);
  const root = key(plan.seed);
  const updating = optimiserOf(spec, optimiser);
  const step = trainingStep(device, { loss: objective.loss, optimiser: updating });
  const held = heldOut(plan, options);

  const state: State = from ? restored(from) : await begun();
  const started = now();
  const before = from?.progress.seconds ?? 0;
  const evaluations: EvaluationRecord[] = [...(from?.progress.evaluations ?? [])];
  let saved = state.step;
  const stopsEarly = (): boolean => held.stopsEarly(evaluations);
  const progress = (): RunProgress => ({
    evaluations: [...evaluations],
    seconds: before + now() - started,
    ...(state.unrecorded && { unrecorded: state.unrecorded }),
  });
  let outcome: 'finished' | 'early' | 'stopped' = 'finished';
  try {
    try {
      if (held.due(state.step, evaluations)) yield* afterStep(); // a break came between the step and its evaluation
      if (!stopsEarly()) {
        const records = trainSteps<P, unknown, B>({
          device,
          step,
          state,
          batches: expectBatches('training', training(state.step * accumulate)),
          figures: objective.figures,
          schedule: scheduleOf(optimiser, steps),
          steps,
          key: split(root, 'steps'),
          every: plan.recordEvery,
          accumulate,
          exchange,
          work,
          signal,
          now,
        });
        for await (const { metrics } of records) {
          await onStep?.(state.step, state.params);
          if (metrics) yield { kind: 'record', metrics: { ...metrics, seconds: before + metrics.seconds } };
          yield* afterStep();
          if (stopsEarly()) break;
        }
      }
      if (stopsEarly() && state.step < steps) outcome = 'early';
      else if (state.step < steps) throw endedAfter(state.step, steps);
    } catch (error) {
      if (!(GmlpError.isInstance(error) && error.code === 'aborted' && signal.aborted)) throw error;
      outcome = 'stopped';
      if (state.step > saved) yield* checkpoint();
    }
    yield { kind: 'end', outcome, step: state.step, progress: progress() };
  } finally {
    disposeTree([state.params, state.optimiser]);
    await Promise.all([step.dispose(), held.dispose()]);
  }

  async function begun(): Promise<State> {
    const values = parameters ? loadStrict(spec, parameters) : initialValues(spec, split(root, 'initial'));
    const params = device.put<P>(values as Host<P>);
    return { params, optimiser: await step.initialState(params), step: 0 };
  }

  function restored(checkpoint: RunCheckpoint): State {
    const { unrecorded } = checkpoint.progress;
    return putState<P, unknown>(device, {
      step: checkpoint.step,
      params: loadStrict(spec, checkpoint.model) as Host<P>,
      optimiser: loadedOptimiser(spec, checkpoint, optimiser) as Host<unknown>,
      ...(unrecorded && { unrecorded }),
    });
  }

  /** What is due at a step: an evaluation, then a checkpoint, which remembers it. */
  async function* afterStep(): AsyncGenerator<TrainingEvent, void, void> {
    let better = false;
    if (held.due(state.step, evaluations)) {
      const record = await evaluated();
      evaluations.push(record);
      better = held.best(evaluations) === record;
      yield { kind: 'evaluation', evaluation: record, filters: await spatialWeights() };
    }
    if (better || state.step % checkpoints.every === 0 || state.step === steps || stopsEarly()) yield* checkpoint();
  }

  async function evaluated(): Promise<EvaluationRecord> {
    const figures = await held.measure(state.params, state.step);
    const kept = updating.average?.(state.optimiser);
    const average = kept && (await held.measure(kept, state.step));
    return { step: state.step, figures, ...(average && { average }) };
  }

  async function spatialWeights(): Promise<ReadonlyMap<string, HostArray>> {
    const named = [...toNamed<Tensor>(state.params)].filter(([name, { shape }]) => spatialForm(name, shape) !== undefined);
    const values = await device.read(named.map(([, weight]) => weight));
    return new Map(named.map(([name], index) => [name, values[index]!]));
  }

  async function* checkpoint(): AsyncGenerator<TrainingEvent, void, void> {
    const host = await readState(device, state);
    yield {
      kind: 'checkpoint',
      checkpoint: {
        step: state.step,
        model: toNamed<HostArray>(host.params),
        ...savedOptimiser(host.optimiser, optimiser),
        progress: progress(),
      },
      best: held.best(evaluations)?.step,
    };
    saved = state.step;
  }
}

const endedAfter = (step: number, steps: number): GmlpError =>
  new GmlpError('invalid-data', `trainingRun: the training batches ended after step ${step} of ${steps}; give them without end`, {
    step,
    steps,
  });
