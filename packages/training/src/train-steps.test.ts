import { hostArray, key, randomNormal, split } from '@gmlp/base';
import { type Device, disposeTree, eagerDevice } from '@gmlp/devices';
import { type AdamWState, adamw, adamwInit } from '@gmlp/ops';
import '@tensorflow/tfjs-backend-cpu';
import type { Scalar, Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { alone } from './exchange.ts';
import type { HostBatch } from './host-batch.ts';
import { lossObjective } from './loss-objective.ts';
import type { LossSum } from './objective.ts';
import type { StepScalars } from './optimiser.ts';
import { linearWarmup } from './schedule.ts';
import { type Metrics, type TrainedStep, trainSteps } from './train-steps.ts';
import type { TrainingState } from './training-state.ts';
import { type SummedGradients, summedGradients, trainingStep } from './training-step.ts';

// Least squares y = x W with W = [[2], [-1]]: a problem whose answer is known.
type Parameters = { readonly weight: Tensor2D; readonly unused: Tensor };
type Batch = { readonly x: Tensor2D; readonly y: Tensor2D };

function loss(params: Parameters, { x, y }: Batch): LossSum {
  return { sum: tf.sum(tf.square(tf.sub(tf.matMul(x, params.weight), y))) as Scalar, count: tf.scalar(x.shape[0]) };
}

function* batches(size = 8, poisonAt = -1): Generator<HostBatch<Batch, undefined>> {
  for (let index = 0; ; index++) {
    const x = randomNormal(split(key(5), index), size * 2);
    if (index === poisonAt) x[0] = Number.NaN;
    const y = Float32Array.from({ length: size }, (_, row) => 2 * x[2 * row]! - x[2 * row + 1]!);
    const tensors = { x: hostArray('float32', [size, 2], x), y: hostArray('float32', [size, 1], y) };
    yield { tensors, units: size, about: undefined };
  }
}

const figures = (meanLoss: number) => ({ perplexity: Math.exp(meanLoss) });
const objective = lossObjective<Parameters, Batch>(loss, figures);

const optimiser = {
  init: (params: Parameters): AdamWState<Parameters> => adamwInit(params),
  update: (params: Parameters, state: AdamWState<Parameters>, gradients: Parameters, { rate, scale }: StepScalars) =>
    adamw(params, state, gradients, rate, { weightDecay: 0, scale }),
};

let device: Device;
beforeAll(async () => {
  await tf.setBackend('cpu');
  device = eagerDevice('tfjs-cpu', 'cpu');
});

async function start() {
  const step = trainingStep(device, { loss, optimiser });
  const params = device.put({
    weight: hostArray('float32', [2, 1], Float32Array.of(0, 0)),
    unused: hostArray('float32', [], Float32Array.of(3)),
  });
  const state: TrainingState<Parameters, AdamWState<Parameters>> = {
    params: params as unknown as Parameters,
    optimiser: await step.initialState(params as unknown as Parameters),
    step: 0,
  };
  const schedule = linearWarmup({ peak: 0.1, warmupSteps: 5, steps: 120 });
  const options = { device, step, state, schedule, steps: 120, key: key(0), figures };
  return { state, options };
}

async function collect(stream: AsyncIterable<TrainedStep>): Promise<Metrics[]> {
  const records: Metrics[] = [];
  for await (const { metrics } of stream) if (metrics) records.push(metrics);
  return records;
}

describe('trainSteps', () => {
  it('finds the weights of a linear problem and leaks nothing', async () => {
    const before = tf.memory().numTensors;
    const { state, options } = await start();
    const during = tf.memory().numTensors;
    const records = await collect(trainSteps({ ...options, batches: batches() }));
    expect(tf.memory().numTensors).toBe(during);
    expect(records.map((record) => record.step)).toEqual(Array.from({ length: 120 }, (_, index) => index + 1));
    expect(records.at(-1)!.loss).toBeLessThan(1e-2);
    expect(records[0]!.figures['perplexity']).toBe(Math.exp(records[0]!.loss));
    const weight = (await device.read(state.params.weight)).data;
    expect(weight[0]).toBeCloseTo(2, 1);
    expect(weight[1]).toBeCloseTo(-1, 1);
    expect((await device.read(state.params.unused)).data[0]).toBe(3); // its gradient is zero
    expect(state.step).toBe(120);

    const evaluator = objective.evaluator(device, alone);
    const source = batches(4);
    const some = [source.next().value as HostBatch<Batch, undefined>, source.next().value as HostBatch<Batch, undefined>];
    const measured = await evaluator.measure(state.params, some);
    expect(measured['loss']).toBeLessThan(1e-2);
    expect(measured['perplexity']).toBe(Math.exp(measured['loss']!));
    expect(tf.memory().numTensors).toBe(during);
    disposeTree(state.params);
    disposeTree(state.optimiser);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('gives the same losses twice, whatever the interval of the records', async () => {
    const first = await start();
    const second = await start();
    const single = await collect(trainSteps({ ...first.options, batches: batches() }));
    const pooled = await collect(trainSteps({ ...second.options, every: 50, batches: batches() }));
    expect(pooled.map((record) => record.step)).toEqual([50, 100, 120]);
    const mean = single.slice(50, 100).reduce((sum, record) => sum + record.loss, 0) / 50;
    expect(pooled[1]!.loss).toBe(mean);
  });

  it('records the steps since the last record when the batches end early', async () => {
    const { state, options } = await start();
    const source = batches();
    const some = Array.from({ length: 5 }, () => source.next().value as HostBatch<Batch, undefined>);
    const records = await collect(trainSteps({ ...options, every: 3, batches: some }));
    expect(records.map((record) => record.step)).toEqual([3, 5]);
    expect(await collect(trainSteps({ ...options, every: 3, batches: [] }))).toEqual([]);
    expect(state.step).toBe(5);
  });

  it('measures the pace, the time left and where the time went', async () => {
    const { options } = await start();
    let clock = 0;
    function* timed(): Generator<HostBatch<Batch, undefined>> {
      for (const batch of batches()) {
        clock += 2; // data
        yield batch;
      }
    }
    const step: typeof options.step = {
      ...options.step,
      summed: (...args) => {
        clock += 4;
        return options.step.summed(...args);
      },
      update: (...args) => {
        clock += 1;
        return options.step.update(...args);
      },
    };
    const work = { flops: 7e9, productRate: 10e9 };
    const records: Metrics[] = [];
    for await (const { metrics } of trainSteps({
      ...options,
      step,
      steps: 4,
      every: 2,
      work,
      batches: timed(),
      now: () => clock,
    })) {
      if (metrics) records.push(metrics);
      if (metrics) clock += 7; // save
    }
    expect(records.map(({ seconds, timeLeft, unitsPerSecond, split }) => ({ seconds, timeLeft, unitsPerSecond, split }))).toEqual(
      [
        { seconds: 14, timeLeft: 14, unitsPerSecond: 16 / 14, split: { data: 4, compute: 8, update: 2, save: 0 } },
        { seconds: 35, timeLeft: 0, unitsPerSecond: 16 / 21, split: { data: 4, compute: 8, update: 2, save: 7 } },
      ],
    );
    // Two micro-batches in 14 seconds, those of saving left out; 4 of the 14 waited.
    for (const { speed, waitingShare } of records) {
      expect(speed).toEqual({ flops: 1e9, productShare: 0.1 });
      expect(waitingShare).toBe(4 / 14);
    }
  });

  it('stops at a loss that is no number and names the step', async () => {
    const { state, options } = await start();
    const during = tf.memory().numTensors;
    await expect(collect(trainSteps({ ...options, batches: batches(8, 4) }))).rejects.toMatchObject({
      code: 'numerical',
      fields: { step: 5, batch: 5 },
      message: expect.stringMatching(/loss of step 5, batch 5 is NaN/),
    });
    expect(tf.memory().numTensors).toBe(during);
    expect(state.step).toBe(4);
    expect((await device.read(state.params.weight)).data.every(Number.isFinite)).toBe(true);
  });

  it('stops when told to, with live parameters, and goes on from there', async () => {
    const { state, options } = await start();
    const abort = new AbortController();
    const run = async (): Promise<void> => {
      for await (const { step } of trainSteps({ ...options, batches: batches(), signal: abort.signal }))
        if (step === 7) abort.abort();
    };
    await expect(run()).rejects.toMatchObject({ code: 'aborted', fields: { step: 7 } });
    const records = await collect(trainSteps({ ...options, batches: batches(), steps: 9 }));
    expect(records.map((record) => record.step)).toEqual([8, 9]);
    expect(state.step).toBe(9);
  });
});

it('gives the sum of the losses, their count and the gradients of the sum, and measures the mean', async () => {
  const params: Parameters = { weight: tf.tensor2d([[1], [1]]), unused: tf.scalar(0) };
  const batch: Batch = {
    x: tf.tensor2d([
      [1, 0],
      [0, 2],
    ]),
    y: tf.tensor2d([[0], [0]]),
  };
  const result = tf.tidy(
    () => summedGradients<Parameters, Batch>(loss, params, batch, key(0)) as never,
  ) as SummedGradients<Parameters>;
  expect(result.sum.dataSync()[0]).toBe(5);
  expect(result.count.dataSync()[0]).toBe(2);
  expect([...result.gradients.weight.dataSync()]).toEqual([2, 8]);
  const step = trainingStep(device, { loss, optimiser });
  const measured = await step.measured(result);
  expect([measured.loss, measured.scale].map((scalar) => scalar.dataSync()[0])).toEqual([2.5, 0.5]);
  expect(measured.norm.dataSync()[0]).toBeCloseTo(Math.hypot(1, 4), 6);
});

it('a step and an evaluator that were disposed refuse calls, and leave the rest of the device alone', async () => {
  const { state, options } = await start();
  const evaluator = objective.evaluator(device, alone);
  await options.step.dispose();
  await evaluator.dispose();
  await expect(options.step.initialState(state.params)).rejects.toMatchObject({ code: 'disposed' });
  const some = [batches().next().value as HostBatch<Batch, undefined>];
  await expect(evaluator.measure(state.params, some)).rejects.toMatchObject({ code: 'disposed' });
  const again = objective.evaluator(device, alone);
  expect((await again.measure(state.params, some))['loss']).toBeGreaterThan(0);
  disposeTree([state.params, state.optimiser]);
});
