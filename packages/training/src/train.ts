/**
 * The training loop as a stream of metrics. Each turn: a batch to the device, loss and gradients, update; the caller decides
 * between turns what to print, save or measure, and stops by leaving the loop or by the signal.
 */
import { GmlpError, type HostArray, hostArray, type Key, type MapLeaves, split } from '@gmlp/base';
import type { Device } from '@gmlp/devices';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import { perplexity } from './perplexity.ts';
import type { Schedule } from './schedule.ts';
import { disposeTree, type TrainingStep } from './training-step.ts';

export interface Metrics {
  /** The number of the step, the first being 1. */
  readonly step: number;
  readonly loss: number;
  readonly perplexity: number;
  readonly learningRate: number;
  /** Over the steps since the last record (or the start). */
  readonly tokensPerSecond: number;
  /** Since the loop began. */
  readonly seconds: number;
  /** Seconds to the last step at the pace so far. */
  readonly timeLeft: number;
}

/** What a run of training is at any moment. The loop replaces its fields; they hold live tensors whenever the loop is left. */
export interface TrainingState<P, S> {
  params: P;
  optimiser: S;
  /** Steps done. */
  step: number;
}

export interface TrainOptions<P, S, B> {
  readonly device: Device;
  readonly step: TrainingStep<P, S, B>;
  readonly state: TrainingState<P, S>;
  /** Ends the loop when it ends, if `steps` does not before. */
  readonly batches: AsyncIterable<MapLeaves<B, Tensor, HostArray>> | Iterable<MapLeaves<B, Tensor, HostArray>>;
  readonly schedule: Schedule;
  /** Train until this step. */
  readonly steps: number;
  /** Each step gets its own key, `split(key, step)`. */
  readonly key: Key;
  /** Tokens of a batch, for the pace. */
  readonly tokens: (batch: MapLeaves<B, Tensor, HostArray>) => number;
  /** A record every so many steps, its loss the mean over them, and one after the last. */
  readonly every?: number;
  readonly signal?: AbortSignal | undefined;
  /** Seconds on a clock that only goes forward. */
  readonly now?: () => number;
}

export async function* train<P, S, B>({
  device,
  step: { lossAndGradients, update },
  state,
  batches,
  schedule,
  steps,
  key,
  tokens,
  every = 1,
  signal,
  now = () => performance.now() / 1000,
}: TrainOptions<P, S, B>): AsyncGenerator<Metrics, void, void> {
  const first = state.step;
  if (first >= steps) return;
  const start = now();
  let last = { seconds: 0, step: first, tokens: 0, losses: 0 };
  const record = (): Metrics => {
    const { step } = state;
    const seconds = now() - start;
    const loss = last.losses / (step - last.step);
    const tokensPerSecond = last.tokens / Math.max(seconds - last.seconds, 1e-9);
    last = { seconds, step, tokens: 0, losses: 0 };
    return {
      step,
      loss,
      perplexity: perplexity(loss),
      learningRate: schedule(step),
      tokensPerSecond,
      seconds,
      timeLeft: (seconds / (step - first)) * (steps - step),
    };
  };
  for await (const hostBatch of batches) {
    const step = state.step + 1;
    if (signal?.aborted) {
      throw new GmlpError(
        'aborted',
        `train: stopped after step ${state.step} of ${steps}`,
        { step: state.step },
        { cause: signal.reason },
      );
    }
    const learningRate = schedule(step);
    const batch = device.put(hostBatch) as B;
    const rate = device.put(hostArray('float32', [], Float32Array.of(learningRate))) as Scalar;
    try {
      const { loss, count, gradients } = await lossAndGradients(state.params, batch, split(key, step));
      try {
        const value = (await device.read(loss)).data[0]!;
        if (!Number.isFinite(value)) {
          throw new GmlpError(
            'numerical',
            `train: the loss of step ${step} is ${value}; expected a number. Lower the learning rate (now ${learningRate}), warm up longer or clip the gradients`,
            { step, loss: value, learningRate },
          );
        }
        const next = await update(state.params, state.optimiser, gradients, rate);
        state.params = next.params;
        state.optimiser = next.state;
        state.step = step;
        last = { ...last, tokens: last.tokens + tokens(hostBatch), losses: last.losses + value };
      } finally {
        disposeTree([loss, count, gradients]);
      }
    } finally {
      disposeTree([batch, rate]);
    }
    if (step % every === 0 || step === steps) yield record();
    if (step === steps) return;
  }
  if (state.step > last.step) yield record(); // the batches ended first
}
