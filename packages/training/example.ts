import { hostArray } from '@gmlp/base';
import { openDevice } from '@gmlp/devices/node';
import { parameter } from '@gmlp/layers';
import { type HostBatch, type LossFunction, lossObjective, type TrainingPlan, trainingRun } from '@gmlp/training';
import * as tf from '@tensorflow/tfjs-core';

type Line = { readonly slope: tf.Scalar };
type Points = { readonly x: tf.Tensor1D; readonly y: tf.Tensor1D };
const spec = { slope: parameter([], { kind: 'constant', value: 0 }, { decay: false }) };
const loss: LossFunction<Line, Points> = ({ slope }, { x, y }) => {
  return { sum: tf.sum(tf.squaredDifference(tf.mul(x, slope), y)), count: tf.scalar(x.size) };
};
const objective = lossObjective(loss, (mean) => ({ deviation: Math.sqrt(mean) }));

const vector = (...numbers: number[]) => hostArray('float32', [numbers.length], Float32Array.from(numbers));
const batch: HostBatch<Points> = { tensors: { x: vector(1, 2, 3), y: vector(2, 4, 6) }, units: 3, about: undefined };
const plan: TrainingPlan = {
  seed: 0,
  steps: 3,
  accumulate: 1,
  recordEvery: 1,
  optimiser: { name: 'sgd', momentum: 0, peakRate: 0.1, warmupSteps: 0, decay: 'none', clipNorm: null, ema: null },
  evaluation: null,
  checkpoints: { every: 3 },
};

const device = await openDevice('tfjs-cpu');
const { signal } = new AbortController();
const batches = Array.from({ length: 60 }, () => batch);
const run = trainingRun<Line, Points>(plan, {
  device,
  spec,
  objective,
  training: (first) => batches.slice(first),
  signal,
});
for await (const event of run) {
  if (event.kind === 'record') console.log(`step ${event.metrics.step}: loss ${event.metrics.loss.toFixed(4)}`); // step 1: loss 18.6667
  if (event.kind === 'checkpoint') console.log(`near ${event.checkpoint.model.get('slope')?.data[0]?.toFixed(1)}`); // near 2.0
}
