/**
 * The training loop as a stream of steps. Each step: batches to the device, gradients of each, their sum in a tree
 * over the numbers of the batches, exchange, update; the caller decides between steps what to print, save or measure, and stops by
 * leaving the loop or by the signal.
 *
 * A run that goes on from a saved state gives bit for bit what it would have given without the break, when the key is the
 * same and the batches begin at number `step * accumulate`.
 */
import { GmlpError, type HostArray, hostArray, type Key, split } from '@gmlp/base';
import { type Device, disposeTree, type Host, type Transfers } from '@gmlp/devices';
import type { Scalar } from '@tensorflow/tfjs-core';
import { alone, type Exchange } from './exchange.ts';
import { expectBatch } from './expect-run.ts';
import type { HostBatches } from './host-batch.ts';
import type { Figures } from './objective.ts';
import type { Schedule } from './schedule.ts';
import { stepClock, type TimeSplit } from './step-clock.ts';
import { stepTransfers } from './step-transfers.ts';
import { type Subtree, sumOfTrees, withPart } from './sum-in-a-tree.ts';
import type { TrainingState } from './training-state.ts';
import type { SummedGradients, TrainingStep } from './training-step.ts';

export interface Metrics {
  /** The number of the step, the first being 1. */
  readonly step: number;
  /** The mean over the steps since the last record. */
  readonly loss: number;
  /** What follows from it: `perplexity`. */
  readonly figures: Figures;
  readonly learningRate: number;
  /** Tokens, images or examples, over the steps since the last record (or the start). */
  readonly unitsPerSecond: number;
  /** Since the loop began. */
  readonly seconds: number;
  /** Seconds to the last step at the pace so far. */
  readonly timeLeft: number;
  /** Where the seconds since the last record went. */
  readonly split: TimeSplit;
  /** The part of the steps' own time, without saving, in which they waited for batches. */
  readonly waitingShare: number;
  /** How fast losses and gradients are computed; absent where nobody says what they cost. */
  readonly speed?: Speed;
  /** What a step moved to the device and back, the mean since the last record; absent where its memory is the host's. */
  readonly moved?: Transfers;
}

/** Of products of matrices, which is where the time of a step belongs. */
export interface Speed {
  /** Floating-point operations a second since the last record; what the caller does between steps takes no time of theirs. */
  readonly flops: number;
  /** The part of the device's own rate in products that this is. */
  readonly productShare: number;
}

/** What makes a speed of seconds. */
export interface Work {
  /** Floating-point operations of the products of a micro-batch, those of the gradients among them: two a multiply-add. */
  readonly flops: number;
  /** Those that the device does in a second when it does nothing else, as `productRate` measures them. */
  readonly productRate: number;
}

export interface TrainStepsOptions<P, S, B> {
  readonly device: Device;
  readonly step: TrainingStep<P, S, B>;
  readonly state: TrainingState<P, S>;
  /** Ends the loop when it ends, if `steps` does not before; what is left of a step is then a step of fewer micro-batches. */
  readonly batches: HostBatches<B>;
  readonly schedule: Schedule;
  /** Train until this step. */
  readonly steps: number;
  /** Each step gets its own key, `split(key, step)`, and of that each micro-batch its own if there are several. */
  readonly key: Key;
  /** What follows from the mean loss of a record, as an objective says. */
  readonly figures?: ((meanLoss: number) => Figures) | undefined;
  /** A record every so many steps, its loss the mean over them, and one after the last. */
  readonly every?: number;
  /**
   * Micro-batches of a step: the step is that of one batch which holds them all. Beside the memory of one it takes, for k of
   * them, at most log2(k) + 1 times that of the parameters.
   */
  readonly accumulate?: number;
  /** Lets records tell how fast the device computes. */
  readonly work?: Work | undefined;
  /** The processes that train the model together; `alone` by default. */
  readonly exchange?: Exchange;
  /** Once it aborts, the step under way is finished, and the loop throws the error `aborted`. */
  readonly signal?: AbortSignal | undefined;
  /** Seconds on a clock that only goes forward. */
  readonly now?: () => number;
}

/** A step that was taken; the state is that after it. */
export interface TrainedStep {
  readonly step: number;
  /** When a record is due. */
  readonly metrics?: Metrics;
}

export async function* trainSteps<P, S, B>(options: TrainStepsOptions<P, S, B>): AsyncGenerator<TrainedStep, void, void> {
  const { device, step: functions, state, batches, schedule, steps, key, signal } = options;
  const { every = 1, accumulate = 1, exchange = alone, now = () => performance.now() / 1000 } = options;
  const { figures = () => ({}), work } = options;
  expectOptions(options);
  const first = state.step;
  if (first >= steps) return;
  const clock = stepClock(now);
  const transfers = stepTransfers(device);
  let last = { seconds: 0, units: 0, micros: 0 };

  const record = (): Metrics => {
    const { step, unrecorded } = state;
    const seconds = clock.seconds();
    const loss = unrecorded!.losses / unrecorded!.steps;
    const moved = transfers.take(unrecorded!.steps);
    const unitsPerSecond = last.units / Math.max(seconds - last.seconds, 1e-9);
    const time = clock.take();
    const speed = work && speedOf(work, last.micros, time);
    last = { seconds, units: 0, micros: 0 };
    delete state.unrecorded;
    return {
      step,
      loss,
      figures: figures(loss),
      learningRate: schedule(step),
      unitsPerSecond,
      seconds,
      timeLeft: (seconds / (step - first)) * (steps - step),
      split: time,
      waitingShare: time.data / stepSeconds(time),
      ...(speed && { speed }),
      ...(moved && { moved }),
    };
  };

  /** The names of the batches of the step under way, counted from the first of the run. */
  const place = (from: number, to: number): { step: number; batch: number; name: string } => {
    const before = state.step * accumulate;
    const name = from === to ? `batch ${before + to}` : `batches ${before + from} to ${before + to}`;
    return { step: state.step + 1, batch: before + to, name: `step ${state.step + 1}, ${name}` };
  };
  const notFinite = (what: string, value: number, { step, batch, name }: ReturnType<typeof place>): GmlpError => {
    const learningRate = schedule(step);
    return new GmlpError(
      'numerical',
      `trainSteps: the ${what} of ${name} is ${value}; expected a number. Look at the data, lower the learning rate (now ${learningRate}), warm up longer or clip the gradients`,
      { step, batch, value, learningRate },
    );
  };

  /** Losses and gradients of one micro-batch, number `micro` of its step. */
  const summed = async (hostBatch: Host<B>, micro: number): Promise<SummedGradients<P>> => {
    const stepKey = split(key, state.step + 1);
    const batch = device.put(hostBatch) as B;
    try {
      const result = await functions.summed(state.params, batch, accumulate === 1 ? stepKey : split(stepKey, micro));
      const value = await readScalar(device, result.sum);
      if (Number.isFinite(value)) return result;
      disposeTree(result);
      throw notFinite('loss', value, place(micro, micro));
    } finally {
      disposeTree(batch);
    }
  };

  /** Ends a step of `micros` micro-batches. The state is replaced at once, when everything that may fail has passed. */
  const update = async (total: SummedGradients<P>, micros: number): Promise<void> => {
    const { loss, scale, norm } = await functions.measured(total);
    const step = state.step + 1;
    const rate = device.put(hostArray('float32', [], Float32Array.of(schedule(step)))) as unknown as Scalar;
    try {
      const [value, size] = ((await device.read([loss, norm])) as HostArray[]).map(({ data }) => data[0]!) as [number, number];
      if (!Number.isFinite(size)) throw notFinite('norm of the gradients', size, place(1, micros));
      const next = await functions.update(state.params, state.optimiser, total.gradients, { rate, scale, norm });
      state.params = next.params;
      state.optimiser = next.state;
      state.step = step;
      const { steps: earlier, losses } = state.unrecorded ?? { steps: 0, losses: 0 };
      state.unrecorded = { steps: earlier + 1, losses: losses + value };
    } finally {
      disposeTree([loss, scale, norm, rate]);
    }
  };
  const stopIfAborted = (): void => {
    if (!signal?.aborted) return;
    const fields = { step: state.step };
    throw new GmlpError('aborted', `trainSteps: stopped after step ${state.step} of ${steps}`, fields, { cause: signal.reason });
  };

  stopIfAborted();
  let trees: readonly Subtree<SummedGradients<P>>[] = [];
  let total: SummedGradients<P> | undefined;
  let micros = 0;
  let pending = 0; // units of the step under way
  let taken = first * accumulate; // batches
  try {
    for await (const batch of batches) {
      expectBatch(batch, taken++);
      const { tensors, units } = batch;
      clock.charge('data');
      if (micros === 0) stopIfAborted(); // while the batch was awaited
      trees = await withPart(trees, await summed(tensors, ++micros), functions.added);
      pending += units;
      clock.charge('compute');
      if (micros < accumulate) continue;
      yield* finish();
      if (state.step === steps) return;
    }
    if (micros > 0) yield* finish();
    if (state.unrecorded) yield { step: state.step, metrics: record() }; // the batches ended first
  } finally {
    disposeTree([total, trees]);
  }

  async function* finish(): AsyncGenerator<TrainedStep, void, void> {
    total = await sumOfTrees(trees, functions.added);
    trees = [];
    total = await exchange.sum(device, total);
    await update(total, micros);
    disposeTree(total);
    last = { ...last, units: last.units + pending, micros: last.micros + micros };
    [total, micros, pending] = [undefined, 0, 0];
    clock.charge('update');
    transfers.pause();
    const due = state.step % every === 0 || state.step === steps;
    yield { step: state.step, ...(due && { metrics: record() }) };
    clock.charge('save');
    transfers.resume();
    if (state.step < steps) stopIfAborted();
  }
}

const stepSeconds = ({ data, compute, update }: TimeSplit): number => Math.max(data + compute + update, 1e-9);

function speedOf({ flops, productRate }: Work, micros: number, time: TimeSplit): Speed {
  const rate = (flops * micros) / stepSeconds(time);
  return { flops: rate, productShare: rate / productRate };
}

async function readScalar(device: Device, scalar: Scalar): Promise<number> {
  return (await device.read(scalar)).data[0]!;
}

function expectOptions<P, S, B>({ accumulate = 1, every = 1 }: TrainStepsOptions<P, S, B>): void {
  const expect = (holds: boolean, expected: string, got: object): void => {
    if (holds) return;
    const values = Object.entries(got).map(([name, value]) => `${name} ${String(value)}`);
    throw new GmlpError('invalid-argument', `trainSteps: expected ${expected}, got ${values.join(', ')}`, { ...got });
  };
  expect(Number.isSafeInteger(accumulate) && accumulate >= 1, 'a whole number of micro-batches of at least 1', { accumulate });
  expect(Number.isSafeInteger(every) && every >= 1, 'a record every whole number of steps, at least 1', { every });
}
