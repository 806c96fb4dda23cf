import { hostArray } from '@gmlp/base';
import { type Device, openDevice } from '@gmlp/devices/node';
import { parameter } from '@gmlp/layers';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { HostBatch } from './host-batch.ts';
import { lossObjective } from './loss-objective.ts';
import type { LossFunction } from './objective.ts';
import type { TrainingPlan } from './training-plan.ts';
import { type RunCheckpoint, type TrainingRunOptions, trainingRun } from './training-run.ts';

type Line = { readonly slope: tf.Scalar };
type Points = { readonly x: tf.Tensor1D };

let device: Device;
beforeAll(async () => {
  device = await openDevice('tfjs-cpu');
});
afterAll(() => device.dispose());

const evaluation = { every: 2, patience: null, minDelta: 0, best: { figure: 'loss', better: 'lower' } } as const;
const plan: TrainingPlan = {
  ...{ seed: 0, steps: 3, accumulate: 1, recordEvery: 1, checkpoints: { every: 2 }, evaluation },
  optimiser: {
    ...{ peakRate: 0.1, warmupSteps: 0, decay: 'none', weightDecay: 0, epsilon: 1e-6, betas: [0.9, 0.999] },
    ...{ name: 'adamw', clipNorm: null, ema: null },
  },
};
const batch: HostBatch<Points> = { tensors: { x: hostArray('float32', [2], Float32Array.of(1, 2)) }, units: 2, about: undefined };
const loss: LossFunction<Line, Points> = ({ slope }, { x }) => ({
  sum: tf.sum(tf.square(tf.sub(x, slope))),
  count: tf.scalar(2),
});

async function run(changes: object = {}, options: Partial<TrainingRunOptions<Line, Points, unknown>> = {}): Promise<string[]> {
  const endless = function* (): Generator<HostBatch<Points>> {
    for (;;) yield batch;
  };
  const events = trainingRun<Line, Points, unknown>(
    { ...plan, ...changes },
    {
      device,
      spec: { slope: parameter([], { kind: 'constant', value: 0 }, { decay: false }) },
      objective: lossObjective(loss),
      training: endless,
      validation: () => [batch],
      signal: new AbortController().signal,
      ...options,
    },
  );
  const kinds: string[] = [];
  for await (const { kind } of events) kinds.push(kind);
  return kinds;
}

it('a plan that would never evaluate, never save or never be the best is refused by name', async () => {
  expect(await run()).toContain('end');
  const refused: readonly (readonly [object, RegExp])[] = [
    [{ steps: 0 }, /steps: expected a whole number of at least 1, got 0/],
    [{ evaluation: { ...evaluation, every: 1.5 } }, /evaluation.every: expected a whole number of at least 1, got 1.5/],
    [{ evaluation: undefined }, /evaluation: expected when and by what it is done, or null for none, got undefined/],
    [{ checkpoints: { every: 0 } }, /checkpoints.every: expected .* got 0/],
    [
      { evaluation: { ...evaluation, best: { figure: 'los', better: 'lower' } } },
      /evaluation.best.figure: expected one that is measured \(loss\), got los/,
    ],
    [
      { evaluation: { ...evaluation, best: { figure: 'loss', better: 'less' } } },
      /evaluation.best.better: expected "lower" or "higher", got less/,
    ],
    [{ seed: Number.NaN }, /key: expected a whole number/],
    [{ optimiser: { ...plan.optimiser, betas: [1, 0.9] } }, /adamw: expected 0 <= beta1, beta2 < 1, got beta1 1/],
    [{ optimiser: { ...plan.optimiser, weightDecay: -1 } }, /adamw: expected epsilon and weightDecay of at least 0/],
  ];
  for (const [changes, problem] of refused) await expect(run(changes), String(problem)).rejects.toThrow(problem);
});

it('a checkpoint of a step that the plan never passes is refused: from half a step a run would not end', async () => {
  const none = new Map<string, never>();
  for (const step of [-1, 1.5, 4, Number.NaN]) {
    const from: RunCheckpoint = { step, model: none, optimiser: none, progress: { evaluations: [], seconds: 0 } };
    await expect(run({}, { from })).rejects.toThrow(
      /the step of the checkpoint: expected a whole number from 0 to the 3 of the plan/,
    );
  }
});

it('training batches that end before the last step are an error, not an early end', async () => {
  await expect(run({}, { training: () => [batch] })).rejects.toThrow(/the training batches ended after step 1 of 3/);
});

it('a loss that is no pair of scalars is refused by name', async () => {
  const none = undefined as unknown as tf.Scalar;
  const losses: readonly (readonly [LossFunction<Line, Points>, RegExp])[] = [
    [
      ({ slope }, { x }) => ({ sum: tf.mul(x, slope), count: tf.scalar(2) }),
      /got as sum one of shape \[2\], as count one of shape \[\]/,
    ],
    [({ slope }) => ({ sum: tf.square(slope), count: none }), /as count undefined/],
    [() => none as unknown as ReturnType<typeof loss>, /the loss gives \{ sum, count \}, two scalar tensors/],
  ];
  for (const [wrong, problem] of losses) await expect(run({}, { objective: lossObjective(wrong) })).rejects.toThrow(problem);
});

const none = undefined as never;
const wrongOptions: readonly (readonly [Partial<TrainingRunOptions<Line, Points, unknown>>, RegExp])[] = [
  [{ validation: none }, /trainingRun: validation: expected a function that gives the held-out batches, got undefined/],
  [{ parameters: {} as never }, /trainingRun: parameters: expected a Map of arrays by name, got an object with nothing/],
  [{ training: [batch] as never }, /trainingRun: training: expected a function from .* to batches, got an array/],
  [{ objective: none }, /trainingRun: objective: expected an objective: .*, got undefined/],
  [{ objective: { loss } as never }, /objective: .*, got an object with loss/],
  [{ device: none }, /trainingRun: device: expected a device/],
  [{ spec: null as never }, /trainingRun: spec: expected the spec of a module, got null/],
  [{ signal: none }, /trainingRun: signal: expected an AbortSignal, got undefined/],
];

it.each(wrongOptions)('an option that is not what it should be is refused by its name: %o', async (options, problem) => {
  await expect(run({}, options)).rejects.toMatchObject({ code: 'invalid-argument', message: expect.stringMatching(problem) });
});

it('a checkpoint without its parts is refused by their names', async () => {
  const whole: RunCheckpoint = { step: 1, model: new Map(), optimiser: new Map(), progress: { evaluations: [], seconds: 0 } };
  const wrong: readonly (readonly [object, RegExp])[] = [
    [{ progress: undefined }, /from\.progress: expected an object with evaluations/],
    [{ progress: { evaluations: [], seconds: Number.NaN } }, /from\.progress: /],
    [{ progress: { evaluations: [{ step: 1 }], seconds: 1 } }, /from\.progress: /],
    [{ model: {} }, /from\.model: expected a Map of arrays by name, got an object with nothing/],
    [{ optimiser: undefined }, /from\.optimiser: expected a Map/],
  ];
  for (const [change, problem] of wrong)
    await expect(run({}, { from: { ...whole, ...change } as RunCheckpoint })).rejects.toThrow(problem);
});

it('held-out batches that no plan asks for are refused: they would never be measured', async () => {
  await expect(run({ evaluation: null })).rejects.toThrow(/validation: expected none, as the evaluation of the plan is null/);
  expect(await run({ evaluation: null }, { validation: undefined })).not.toContain('evaluation');
});

it('a batch that does not say how much it holds, or is none, is refused by its number', async () => {
  const then = (second: unknown) => () => [batch, second] as never;
  for (const units of [Number.NaN, -1, Number.POSITIVE_INFINITY, undefined, '2']) {
    await expect(run({}, { training: then({ ...batch, units }) })).rejects.toThrow(
      `trainSteps: batch 1: expected units of at least 0, a number, got ${String(units)}`,
    );
  }
  await expect(run({}, { training: then(batch.tensors) })).rejects.toThrow(/batch 1: expected an object with tensors, .* with x/);
  await expect(run({}, { training: then(undefined) })).rejects.toThrow(/batch 1: expected an object with .*, got undefined/);
  for (const wrong of [{ training: () => none }, { validation: () => none }])
    await expect(run({}, wrong)).rejects.toMatchObject({ code: 'invalid-argument' });
});
