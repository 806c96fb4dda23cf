import { type HostArray, hostArray, key, leavesOf, randomNormal, randomUniform, split } from '@gmlp/base';
import { type Device, disposeTree, type Host } from '@gmlp/devices';
import { openDevice } from '@gmlp/devices/node';
import type { Context } from '@gmlp/layers';
import { type AdamWState, adamw, adamwInit, dropout, softmaxCrossEntropy } from '@gmlp/ops';
import type { Scalar, Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AveragedState, averaged } from './averaged.ts';
import { clipped } from './clipped.ts';
import type { HostBatch } from './host-batch.ts';
import type { LossSum } from './objective.ts';
import type { Optimiser } from './optimiser.ts';
import { sgdOptimiser } from './sgd-optimiser.ts';
import { type TrainedStep, type TrainStepsOptions, trainSteps } from './train-steps.ts';
import { putState, readState, type TrainingState } from './training-state.ts';
import { type SummedGradients, type TrainingStep, trainingStep } from './training-step.ts';

// Two dense layers with dropout between them; some labels are ignored, in every batch another number of them.
type Parameters = { readonly first: Tensor2D; readonly second: Tensor2D };
type Batch = { readonly x: Tensor2D; readonly labels: tf.Tensor };
type Averaged = AveragedState<Parameters, AdamWState<Parameters>>;
type State = TrainingState<Parameters, Averaged>;
type Step = TrainingStep<Parameters, Averaged, Batch>;
type Options = TrainStepsOptions<Parameters, Averaged, Batch>;

const [inputs, hidden, classes, rows] = [5, 7, 3, 6];

function lossWith(rate: number) {
  return ({ first, second }: Parameters, { x, labels }: Batch, { key: source }: Context): LossSum =>
    softmaxCrossEntropy(tf.matMul(dropout(tf.tanh(tf.matMul(x, first)), rate, source!), second), labels);
}

function batch(index: number, poison?: number): Host<Batch> {
  const source = split(key(3), index);
  const x = randomNormal(split(source, 'x'), rows * inputs);
  if (poison !== undefined) x[x.length - 1] = poison; // in the last row, whose label always counts
  const ignored = index % rows;
  const labels = Int32Array.from(randomUniform(split(source, 'labels'), rows), (u, row) => (row < ignored ? -100 : u * classes));
  return { x: hostArray('float32', [rows, inputs], x), labels: hostArray('int32', [rows], labels) };
}

const asBatch = (tensors: Host<Batch>): HostBatch<Batch> => ({ tensors, units: tensors.labels.data.length, about: undefined });

function* batches(from = 0, poisonAt = -1): Generator<HostBatch<Batch>> {
  for (let index = from; ; index++) yield asBatch(batch(index, index === poisonAt ? Number.NaN : undefined));
}

/** The batches `from` to `to` as one. */
function joined(from: number, to: number): Host<Batch> {
  const parts = Array.from({ length: to - from }, (_, index) => batch(from + index));
  const x = Float32Array.from(parts.flatMap((part) => [...part.x.data]));
  const labels = Int32Array.from(parts.flatMap((part) => [...part.labels.data]));
  return { x: hostArray('float32', [x.length / inputs, inputs], x), labels: hostArray('int32', [labels.length], labels) };
}

const plainOptimiser: Optimiser<Parameters, AdamWState<Parameters>> = {
  init: (params) => adamwInit(params),
  update: (params, state, gradients, { rate, scale }) => adamw(params, state, gradients, rate, { scale }),
};
const decay = 0.75;
const optimiser = averaged(clipped(plainOptimiser, 0.2), decay);

describe.each(['ort-cpu', 'tfjs-cpu'] as const)('trainSteps on %s', (name) => {
  let device: Device;
  let step: Step;
  let plain: Step;
  beforeAll(async () => {
    device = await openDevice(name);
    step = trainingStep(device, { loss: lossWith(0.3), optimiser });
    plain = trainingStep(device, { loss: lossWith(0), optimiser });
  });
  afterAll(() => device.dispose());

  async function start(): Promise<State> {
    const params = device.put({
      first: hostArray('float32', [inputs, hidden], randomNormal(key(1), inputs * hidden)),
      second: hostArray('float32', [hidden, classes], randomNormal(key(2), hidden * classes)),
    }) as unknown as Parameters;
    return { params, optimiser: await step.initialState(params), step: 0 };
  }

  const everything = { accumulate: 3 };
  async function run(state: State, steps: number, options: Partial<Options> = {}): Promise<number[]> {
    const losses: number[] = [];
    for await (const { metrics } of walk(state, steps, options)) if (metrics) losses.push(metrics.loss);
    return losses;
  }
  function walk(state: State, steps: number, options: Partial<Options> = {}): AsyncGenerator<TrainedStep> {
    return trainSteps<Parameters, Averaged, Batch>({
      device,
      step,
      state,
      batches: batches(state.step * (options.accumulate ?? 1)),
      schedule: (each) => 0.1 / each,
      steps,
      key: key(9),
      ...options,
    });
  }
  const bytes = async (state: State): Promise<readonly HostArray['data'][]> =>
    leavesOf<HostArray>(await device.read({ params: state.params, optimiser: state.optimiser })).map(({ data }) => data);
  const largestDifference = async (a: State, b: State): Promise<number> => {
    const [x, y] = [leavesOf<HostArray>(await device.read(a.params)), leavesOf<HostArray>(await device.read(b.params))];
    return Math.max(...x.flatMap(({ data }, leaf) => [...data].map((value, index) => Math.abs(value - y[leaf]!.data[index]!))));
  };

  it('a run broken off and resumed from host arrays ends in the same bytes', async () => {
    const before = tf.memory().numTensors;
    const straight = await start();
    const losses = await run(straight, 7, everything);
    const broken = await start();
    const head = await run(broken, 3, everything);
    const saved = await readState(device, broken);
    const copy = leavesOf<HostArray>(saved).flatMap((leaf) => (typeof leaf === 'number' ? [] : [[...leaf.data]]));
    await run(broken, 5, everything); // the saved copy is not touched by what the loop goes on to do
    expect(leavesOf<HostArray>(saved).flatMap((leaf) => (typeof leaf === 'number' ? [] : [[...leaf.data]]))).toEqual(copy);
    const resumed = putState<Parameters, Averaged>(device, saved);
    expect(resumed.step).toBe(3);
    expect([...head, ...(await run(resumed, 7, everything))]).toEqual(losses);
    expect(await bytes(resumed)).toEqual(await bytes(straight));
    for (const state of [straight, broken, resumed]) disposeTree(state);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('records are the same means after a break between two of them', async () => {
    const [straight, broken] = [await start(), await start()];
    const losses = await run(straight, 9, { every: 4 });
    const head: number[] = [];
    for await (const { step: each, metrics } of walk(broken, 9, { every: 4 })) {
      if (metrics) head.push(metrics.loss);
      if (each === 6) break;
    }
    const saved = await readState(device, broken);
    expect(saved.unrecorded!.steps).toBe(2);
    disposeTree(broken);
    const resumed = putState<Parameters, Averaged>(device, saved);
    expect([...head, ...(await run(resumed, 9, { every: 4 }))]).toEqual(losses);
    expect(losses).toHaveLength(3);
    for (const state of [straight, resumed]) disposeTree(state);
  });

  it('micro-batches of unequal numbers of labels are one batch', async () => {
    const [parts, whole] = [await start(), await start()];
    const lossOfParts = await run(parts, 2, { step: plain, accumulate: 4 });
    const lossOfWhole = await run(whole, 2, { step: plain, batches: [joined(0, 4), joined(4, 8)].map(asBatch) });
    lossOfParts.forEach((loss, index) => {
      expect(Math.abs(loss - lossOfWhole[index]!)).toBeLessThan(1e-5);
    });
    expect(await largestDifference(parts, whole)).toBeLessThan(1e-5);
    for (const state of [parts, whole]) disposeTree(state);
  });

  it('gradients of micro-batches are those of the batch', async () => {
    const state = await start();
    const gradientsOf = async (host: Host<Batch>): Promise<SummedGradients<Parameters>> => {
      const on = device.put<Batch>(host);
      const result = await plain.summed(state.params, on, key(0));
      disposeTree(on);
      return result;
    };
    let total = await gradientsOf(batch(0));
    for (let index = 1; index < 5; index++) total = await plain.added(total, await gradientsOf(batch(index)));
    const whole = await gradientsOf(joined(0, 5));
    const [a, b] = [leavesOf<HostArray>(await device.read(total)), leavesOf<HostArray>(await device.read(whole))];
    a.forEach(({ data }, leaf) => {
      data.forEach((value, index) => {
        expect(Math.abs(value - b[leaf]!.data[index]!)).toBeLessThan(1e-5);
      });
    });
    disposeTree([state, total, whole]);
  });

  it('the average follows the parameters', async () => {
    const state = await start();
    let expected = [...(await device.read(state.params.first)).data];
    for (let each = 1; each <= 3; each++) {
      await run(state, each);
      const { data } = await device.read(state.params.first);
      expected = expected.map((value, index) => decay * value + (1 - decay) * data[index]!);
    }
    const { data } = await device.read(optimiser.average!(state.optimiser).first);
    data.forEach((value, index) => {
      expect(value).toBeCloseTo(expected[index]!, 5);
    });
    expect(() => averaged(plainOptimiser, 1)).toThrow('averaged: expected 0 <= decay < 1, got 1');
    disposeTree(state);
  });

  it('clips to the norm: a step of SGD is as long as the norm says', async () => {
    const descent = trainingStep(device, {
      loss: lossWith(0),
      optimiser: clipped(sgdOptimiser<Parameters>(), 0.01),
    });
    const { params, optimiser: unused } = await start();
    disposeTree(unused);
    const before = leavesOf<HostArray>(await device.read(params));
    const state = { params, optimiser: await descent.initialState(params), step: 0 };
    const trained = trainSteps({
      device,
      step: descent,
      state,
      batches: batches(),
      schedule: () => 1,
      steps: 1,
      key: key(0),
    });
    for await (const { metrics } of trained) expect(metrics!.loss).toBeGreaterThan(0);
    const after = leavesOf<HostArray>(await device.read(state.params));
    const squares = after.flatMap(({ data }, leaf) => [...data].map((value, index) => (value - before[leaf]!.data[index]!) ** 2));
    expect(Math.sqrt(squares.reduce((sum, each) => sum + each, 0))).toBeCloseTo(0.01, 5);
    disposeTree(state);
  });

  it('a loss that is no number stops the run at its batch, with the state of the step before', async () => {
    const state = await start();
    const good = await start();
    await run(good, 2, everything);
    const during = tf.memory().numTensors;
    await expect(run(state, 9, { ...everything, batches: batches(0, 7) })).rejects.toMatchObject({
      code: 'numerical',
      fields: { step: 3, batch: 8 },
      message: expect.stringContaining('step 3, batch 8 is NaN'),
    });
    expect(tf.memory().numTensors).toBe(during);
    expect(state.step).toBe(2);
    expect(await bytes(state)).toEqual(await bytes(good));
    disposeTree([state, good]);
  });

  it.each([
    ['clipped', optimiser],
    ['as they are', averaged(plainOptimiser, decay)],
  ])('gradients that are no numbers stop it too, %s', async (_, optimiser) => {
    // sqrt has the value 0 and an infinite slope at 0.
    const steep = trainingStep<Parameters, Averaged, Batch>(device, {
      loss: ({ first, second }) => ({
        sum: tf.add(tf.sum(tf.sqrt(tf.sub(first, first))), tf.sum(second)) as Scalar,
        count: tf.scalar(1),
      }),
      optimiser,
    });
    const [state, untouched] = [await start(), await start()];
    const during = tf.memory().numTensors;
    await expect(run(state, 2, { step: steep })).rejects.toMatchObject({
      code: 'numerical',
      fields: { step: 1, batch: 1 },
      message: expect.stringContaining('gradients of step 1, batch 1'),
    });
    expect(tf.memory().numTensors).toBe(during);
    expect(await bytes(state)).toEqual(await bytes(untouched));
    disposeTree([state, untouched]);
  });

  it('an abort in the middle of a step ends after the step, with a whole state', async () => {
    const [state, good] = [await start(), await start()];
    await run(good, 2, everything);
    const abort = new AbortController();
    function* aborting(): Generator<HostBatch<Batch>> {
      for (let index = 0; ; index++) {
        if (index === 4) abort.abort(); // the second of three micro-batches of step 2
        yield asBatch(batch(index));
      }
    }
    await expect(run(state, 9, { ...everything, batches: aborting(), signal: abort.signal, every: 5 })).rejects.toMatchObject({
      code: 'aborted',
      fields: { step: 2 },
    });
    expect(await bytes(state)).toEqual(await bytes(good));
    disposeTree([state, good]);
  });
});
