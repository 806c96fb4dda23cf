/** The step benchmark in gmlp: layers, ops and a device, the step as two compiled functions. */
import { hostArray, key, sizeOf } from '@gmlp/base';
import { type Device, disposeTree } from '@gmlp/devices';
import { dense, gmlpBlock, inference, layerNorm, loadStrict, type TensorsOf } from '@gmlp/layers';
import { type AdamWState, adamw, adamwInit, softmaxCrossEntropy } from '@gmlp/ops';
import { type LossFunction, trainingStep } from '@gmlp/training';
import type { Scalar, Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { median } from './numbers.ts';
import { meanMagnitude, type SideFunctions } from './side.ts';
import { type LoadedTask, productShapes, type Task } from './task.ts';

/** Of one answer: the first pays for what is set up at a first run. */
const productRuns = 5;

export function model({ blocks: count, tokens, channels, hidden, classes, normEpsilon: epsilon }: Task) {
  const block = gmlpBlock({ tokens, channels, hiddenChannels: hidden, epsilon });
  const norm = layerNorm({ channels, epsilon });
  const head = dense({ inputs: channels, outputs: classes });
  const spec = { blocks: Array.from({ length: count }, () => block.spec), norm: norm.spec, head: head.spec };
  const apply = (params: TensorsOf<typeof spec>, images: Tensor): Tensor => {
    const body = params.blocks.reduce<Tensor>((x, each) => block.apply(each, x, inference), images);
    return head.apply(params.head, tf.mean(norm.apply(params.norm, body), 1));
  };
  return { spec, apply };
}

export type SideParameters = TensorsOf<ReturnType<typeof model>['spec']>;
export type Batch = { readonly images: Tensor; readonly labels: Tensor };

export function lossOf(apply: (params: SideParameters, images: Tensor) => Tensor): LossFunction<SideParameters, Batch> {
  return (params, { images, labels }) => softmaxCrossEntropy(apply(params, images) as Tensor2D, labels);
}

function productTimer(device: Device, task: Task): () => Promise<number> {
  const ones = (shape: readonly number[]) => hostArray('float32', shape, new Float32Array(sizeOf(shape)).fill(1));
  const shapes = productShapes(task);
  // The sum, so that no large result has to be copied from where it was computed.
  const product = device.compile((left: Tensor, right: Tensor) => tf.sum(tf.matMul(left, right)));
  return async () => {
    const { x, weight } = device.put({ x: ones(shapes.x), weight: ones(shapes.weight) }) as { x: Tensor; weight: Tensor };
    const times: number[] = [];
    for (let run = 0; run < productRuns; run++) {
      const start = performance.now();
      const sum = await product(x, weight);
      await sum.data();
      times.push(performance.now() - start);
      sum.dispose();
    }
    disposeTree({ x, weight });
    return median(times);
  };
}

export async function openGmlp(device: Device, { task, parameters, images, labels }: LoadedTask): Promise<SideFunctions> {
  const { spec, apply } = model(task);
  const { rate, ...settings } = task.adamw;
  const step = trainingStep(device, {
    loss: lossOf(apply),
    optimiser: {
      init: (params: SideParameters) => adamwInit(params),
      update: (params: SideParameters, state: AdamWState<SideParameters>, gradients, { rate, scale }) =>
        adamw(params, state, gradients, rate, { ...settings, scale }),
    },
  });
  const forward = device.compile(apply);
  let params = device.put(loadStrict(spec, parameters)) as SideParameters;
  let state = await step.initialState(params);
  const batch = device.put({ images, labels }) as Batch;
  const scalar = device.put<Scalar>({ dtype: 'float32', shape: [], data: Float32Array.of(rate) });
  const unused = key(0); // nothing here is random

  return {
    step: async () => {
      const total = await step.summed(params, batch, unused);
      const start = performance.now();
      const measured = await step.measured(total);
      ({ params, state } = await step.update(params, state, total.gradients, { rate: scalar, ...measured }));
      const updateMs = performance.now() - start;
      const [value] = await measured.loss.data();
      disposeTree([total, measured]);
      return { loss: value!, updateMs };
    },
    gradients: async () => {
      const total = await step.summed(params, batch, unused);
      disposeTree([total, await step.measured(total)]);
    },
    forward: async () => {
      const logits = await forward(params, batch.images);
      const values = (await logits.data()) as Float32Array;
      logits.dispose();
      return meanMagnitude(values);
    },
    product: productTimer(device, task),
    close: () => device.dispose(),
  };
}
