import { hostArray, key } from '@gmlp/base';
import { openDevice } from '@gmlp/devices/node';
import type { SgdState } from '@gmlp/ops';
import {
  type HostBatch,
  type LossFunction,
  linearWarmup,
  sgdOptimiser,
  type TrainingState,
  train,
  trainingStep,
} from '@gmlp/training';
import * as tf from '@tensorflow/tfjs-core';

type Line = { readonly slope: tf.Scalar };
type Points = { readonly x: tf.Tensor1D; readonly y: tf.Tensor1D };
const loss: LossFunction<Line, Points> = ({ slope }, { x, y }) => {
  return { sum: tf.sum(tf.squaredDifference(tf.mul(x, slope), y)), count: tf.scalar(x.size) };
};

const device = await openDevice('tfjs-cpu');
const step = trainingStep(device, { loss, optimiser: sgdOptimiser<Line>() });
const params = device.put<Line>({ slope: hostArray('float32', [], Float32Array.of(0)) });
const state: TrainingState<Line, SgdState<Line>> = { params, optimiser: await step.initialState(params), step: 0 };
const vector = (...numbers: number[]) => hostArray('float32', [numbers.length], Float32Array.from(numbers));
const batch: HostBatch<Points> = { tensors: { x: vector(1, 2, 3), y: vector(2, 4, 6) }, units: 3, about: undefined };
const batches = Array.from({ length: 3 }, () => batch);
const schedule = linearWarmup({ peak: 0.1, warmupSteps: 0, steps: 3, decay: 'none' });
for await (const { step: done, loss } of train({ device, step, state, batches, schedule, steps: 3, key: key(0) })) {
  console.log(`step ${done}: loss ${loss.toFixed(4)}`); // step 1: loss 18.6667
}
