import { hostArray, key } from '@gmlp/base';
import { openDevice } from '@gmlp/devices/node';
import { sgd, sgdInit } from '@gmlp/ops';
import { type LossFunction, linearWarmup, type Optimiser, type TrainingState, train, trainingStep } from '@gmlp/training';
import * as tf from '@tensorflow/tfjs-core';

type Line = { readonly slope: tf.Scalar };
type Points = { readonly x: tf.Tensor1D; readonly y: tf.Tensor1D };
type Momentum = ReturnType<typeof sgdInit<Line>>;
const loss: LossFunction<Line, Points> = ({ slope }, { x, y }) => {
  return { sum: tf.sum(tf.squaredDifference(tf.mul(x, slope), y)), count: tf.scalar(x.size) };
};
const optimiser: Optimiser<Line, Momentum> = { init: sgdInit, update: sgd };

const device = await openDevice('tfjs-cpu');
const step = trainingStep<Line, Momentum, Points>(device, { loss, optimiser });
const params = device.put({ slope: hostArray('float32', [], Float32Array.of(0)) }) as Line;
const state: TrainingState<Line, Momentum> = { params, optimiser: await step.initialState(params), step: 0 };
const vector = (...numbers: number[]) => hostArray('float32', [numbers.length], Float32Array.from(numbers));
const batches = Array.from({ length: 3 }, () => ({ x: vector(1, 2, 3), y: vector(2, 4, 6) }));
const schedule = linearWarmup({ peak: 0.1, warmupSteps: 0, steps: 3, decay: 'none' });
for await (const { step: done, loss } of train({
  device,
  step,
  state,
  batches,
  schedule,
  steps: 3,
  key: key(0),
  tokens: () => 3,
})) {
  console.log(`step ${done}: loss ${loss.toFixed(4)}`); // step 1: loss 18.6667
}
