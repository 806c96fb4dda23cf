/**
 * The training of a run as a stream of what happens in it: records, evaluations, checkpoints, the end. It runs beside its
 * device, knows no files and no terminal, and stands still while the taker looks at an event. It takes the same decisions
 * (what to evaluate, what to save, when to stop early) whether it began at the first step or at a checkpoint.
 */
import { GmlpError, type HostArray, key, split } from '@gmlp/base';
import type { Device } from '@gmlp/devices';
import { initialValues, loadStrict, parameter, toNamed } from '@gmlp/layers';
import { createModel, type GmlpLanguageConfig } from '@gmlp/models';
import type { AdamWState } from '@gmlp/ops';
import type { MaskedBatch } from '@gmlp/text';
import {
  adamwOptimiser,
  disposeTree,
  earlyStopping,
  evaluator,
  linearWarmup,
  type MaskedLanguageBatch,
  type Metrics,
  maskedLanguageLoss,
  putState,
  readState,
  type TrainingState,
  trainingStep,
  trainSteps,
} from '@gmlp/training';
import type { HostParameters, Parameters } from '../masked-language/masked-language-task.ts';
import type { Recipe } from '../recipes/recipe.ts';
import { bestEvaluation, type EvaluationRecord } from './evaluation-record.ts';

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
  /** The spatial weights of the blocks come with it. */
  | { readonly kind: 'evaluation'; readonly evaluation: EvaluationRecord; readonly filters: ReadonlyMap<string, HostArray> }
  | { readonly kind: 'checkpoint'; readonly checkpoint: RunCheckpoint; readonly best: number | undefined }
  | {
      readonly kind: 'end';
      readonly outcome: 'finished' | 'early' | 'stopped';
      readonly step: number;
      readonly progress: RunProgress;
    };

export interface TrainingJob {
  readonly recipe: Recipe;
  readonly config: GmlpLanguageConfig;
  /** Where to go on. */
  readonly from?: RunCheckpoint;
}

export interface TrainingSurroundings {
  readonly device: Device;
  /** Training batches from number `first` on, endless; or all validation batches. */
  readonly batches: (part: 'training' | 'validation', first: number) => AsyncIterable<MaskedBatch>;
  readonly signal: AbortSignal;
  readonly onStep?: (step: number) => void;
  readonly onEvaluationBatch?: (done: number) => void;
  readonly now?: () => number;
}

type State = TrainingState<Parameters, AdamWState<Parameters>>;

export async function* trainingEvents(
  { recipe, config, from }: TrainingJob,
  { device, batches, signal, onStep, onEvaluationBatch, now = () => performance.now() / 1000 }: TrainingSurroundings,
): AsyncGenerator<TrainingEvent, void, void> {
  const { steps, accumulate, optimiser, evaluation, checkpoints } = recipe;
  const { module: model } = createModel(config);
  const root = key(recipe.seed);
  const [beta1, beta2] = optimiser.betas;
  const { weightDecay, epsilon } = optimiser;
  const step = trainingStep<Parameters, AdamWState<Parameters>, MaskedLanguageBatch>(device, {
    loss: maskedLanguageLoss(model, true),
    optimiser: adamwOptimiser<Parameters>(model.spec, { weightDecay, epsilon, beta1, beta2 }),
  });
  const evaluate = evaluator<Parameters, MaskedLanguageBatch>(device, maskedLanguageLoss(model, false));
  const patience = earlyStopping({ patience: evaluation.patience ?? Number.MAX_SAFE_INTEGER, minDelta: evaluation.minDelta });

  const state: State = from ? restored(from) : await begun();
  const started = now();
  const before = from?.progress.seconds ?? 0;
  const evaluations: EvaluationRecord[] = [...(from?.progress.evaluations ?? [])];
  let saved = state.step;
  const stopsEarly = (): boolean => patience(evaluations.map(({ valLoss }) => valLoss)).stop;
  const evaluationDue = (): boolean =>
    state.step > 0 && (state.step % evaluation.every === 0 || state.step === steps) && evaluations.at(-1)?.step !== state.step;
  const progress = (): RunProgress => ({
    evaluations: [...evaluations],
    seconds: before + now() - started,
    ...(state.unrecorded && { unrecorded: state.unrecorded }),
  });
  let outcome: 'finished' | 'early' | 'stopped' = 'finished';
  try {
    try {
      if (evaluationDue()) yield* afterStep(); // a break came between the step and its evaluation
      if (!stopsEarly()) {
        const records = trainSteps<Parameters, AdamWState<Parameters>, MaskedLanguageBatch>({
          device,
          step,
          state,
          batches: batches('training', state.step * accumulate),
          schedule: linearWarmup({ peak: optimiser.peakRate, warmupSteps: optimiser.warmupSteps, steps, decay: optimiser.decay }),
          steps,
          key: split(root, 'steps'),
          tokens: ({ ids }) => ids.data.length,
          every: recipe.recordEvery,
          accumulate,
          clipNorm: optimiser.clipNorm ?? undefined,
          ema: optimiser.ema ?? undefined,
          signal,
          now,
        });
        for await (const { metrics } of records) {
          onStep?.(state.step);
          if (metrics) yield { kind: 'record', metrics: { ...metrics, seconds: before + metrics.seconds } };
          yield* afterStep();
          if (stopsEarly()) break;
        }
      }
      if (state.step < steps) outcome = 'early';
    } catch (error) {
      if (!(GmlpError.isInstance(error) && error.code === 'aborted' && signal.aborted)) throw error;
      outcome = 'stopped';
      if (state.step > saved) yield* checkpoint();
    }
    yield { kind: 'end', outcome, step: state.step, progress: progress() };
  } finally {
    disposeTree([state.params, state.optimiser, state.ema]);
  }

  async function begun(): Promise<State> {
    const params = device.put(initialValues(model.spec, split(root, 'initial'))) as unknown as Parameters;
    return { params, optimiser: await step.initialState(params), step: 0 };
  }

  function restored({ step: at, model: named, optimiser: moments, ema, progress: { unrecorded } }: RunCheckpoint): State {
    const count = parameter([], { kind: 'constant', value: 0 }, { decay: false });
    return putState<Parameters, AdamWState<Parameters>>(device, {
      step: at,
      params: loadStrict(model.spec, named) as HostParameters,
      optimiser: loadStrict({ step: count, mean: model.spec, variance: model.spec }, moments) as never,
      ...(ema && { ema: loadStrict(model.spec, ema) as HostParameters }),
      ...(unrecorded && { unrecorded }),
    });
  }

  /** What is due at a step: an evaluation, then a checkpoint, which remembers it. */
  async function* afterStep(): AsyncGenerator<TrainingEvent, void, void> {
    let better = false;
    if (evaluationDue()) {
      const record = await evaluated();
      evaluations.push(record);
      better = bestEvaluation(evaluations) === record;
      yield { kind: 'evaluation', evaluation: record, filters: await spatialWeights() };
    }
    if (better || state.step % checkpoints.every === 0 || state.step === steps || stopsEarly()) yield* checkpoint();
  }

  async function evaluated(): Promise<EvaluationRecord> {
    const measure = async (params: Parameters) => {
      const options = { signal, ...(onEvaluationBatch && { onBatch: onEvaluationBatch }) };
      try {
        return await evaluate(params, batches('validation', 0), root, options);
      } catch (error) {
        if (!GmlpError.isInstance(error) || error.code !== 'numerical') throw error;
        throw new GmlpError('numerical', `${error.message} (after step ${state.step})`, { step: state.step }, { cause: error });
      }
    };
    const { loss, perplexity } = await measure(state.params);
    const average = state.ema && (await measure(state.ema));
    return {
      step: state.step,
      valLoss: loss,
      valPerplexity: perplexity,
      ...(average && { emaValLoss: average.loss, emaValPerplexity: average.perplexity }),
    };
  }

  async function spatialWeights(): Promise<ReadonlyMap<string, HostArray>> {
    const weights = state.params.blocks.map(({ gate }) => ({ gate: { spatial: { weight: gate.spatial.weight } } }));
    return toNamed<HostArray>({ blocks: await device.read(weights) });
  }

  async function* checkpoint(): AsyncGenerator<TrainingEvent, void, void> {
    const host = await readState(device, state);
    yield {
      kind: 'checkpoint',
      checkpoint: {
        step: state.step,
        model: toNamed<HostArray>(host.params),
        optimiser: toNamed<HostArray>(host.optimiser),
        ...(host.ema && { ema: toNamed<HostArray>(host.ema) }),
        progress: progress(),
      },
      best: bestEvaluation(evaluations)?.step,
    };
    saved = state.step;
  }
}
