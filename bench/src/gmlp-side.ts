/**
 * The step benchmark in gmlp: layers, ops and a device (`ort-cpu`, or `tfjs-wasm` for the same code run eagerly), the step
 * as two compiled functions.
 */
import { key } from '@gmlp/base';
import { compiledDevice, type Device, openDevice, ortCpu } from '@gmlp/devices/node';
import { dense, gmlpBlock, inference, layerNorm, loadStrict, type ParametersOf } from '@gmlp/layers';
import { type AdamWState, adamw, adamwInit, softmaxCrossEntropy } from '@gmlp/ops';
import { disposeTree, type LossFunction, lossAndGradients, trainingStep } from '@gmlp/training';
import type { Scalar, Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { meanMagnitude, type SideFunctions } from './serve-side.ts';
import { type LoadedTask, readTask, type Task } from './task.ts';

type DeviceName = 'ort-cpu' | 'tfjs-wasm';

function model({ blocks: count, tokens, channels, hidden, classes, normEpsilon: epsilon }: Task) {
  const block = gmlpBlock({ tokens, channels, hiddenChannels: hidden, epsilon });
  const norm = layerNorm({ channels, epsilon });
  const head = dense({ inputs: channels, outputs: classes });
  const spec = { blocks: Array.from({ length: count }, () => block.spec), norm: norm.spec, head: head.spec };
  const apply = (params: ParametersOf<typeof spec>, images: Tensor): Tensor => {
    const body = params.blocks.reduce<Tensor>((x, each) => block.apply(each, x, inference), images);
    return head.apply(params.head, tf.mean(norm.apply(params.norm, body), 1));
  };
  return { spec, apply };
}

type Parameters = ParametersOf<ReturnType<typeof model>['spec']>;
type Batch = { readonly images: Tensor; readonly labels: Tensor };

function lossOf(apply: (params: Parameters, images: Tensor) => Tensor): LossFunction<Parameters, Batch> {
  return (params, { images, labels }) => softmaxCrossEntropy(apply(params, images) as Tensor2D, labels);
}

export async function openGmlp(folder: string, name: DeviceName): Promise<SideFunctions> {
  return openGmlpOn(folder, await openDevice(name));
}

export async function openGmlpOn(folder: string, device: Device): Promise<SideFunctions> {
  const { task, parameters, images, labels } = await readTask(folder);
  const { spec, apply } = model(task);
  const { rate, ...settings } = task.adamw;
  const step = trainingStep<Parameters, AdamWState<Parameters>, Batch>(device, {
    loss: lossOf(apply),
    optimiser: {
      init: adamwInit,
      update: (params, state, gradients, scalar) => adamw(params, state, gradients, scalar, settings),
    },
  });
  const forward = device.compile(apply);
  let params = device.put(loadStrict(spec, parameters)) as Parameters;
  let state = await step.initialState(params);
  const batch = device.put({ images, labels }) as Batch;
  const scalar = device.put({ dtype: 'float32', shape: [], data: Float32Array.of(rate) }) as unknown as Scalar;
  const unused = key(0); // nothing here is random

  return {
    step: async () => {
      const { loss, count, gradients } = await step.lossAndGradients(params, batch, unused);
      const start = performance.now();
      ({ params, state } = await step.update(params, state, gradients, scalar));
      const updateMs = performance.now() - start;
      const [value] = await loss.data();
      disposeTree([loss, count, gradients]);
      return { loss: value!, updateMs };
    },
    gradients: async () => disposeTree(await step.lossAndGradients(params, batch, unused)),
    forward: async () => {
      const logits = await forward(params, batch.images);
      const values = (await logits.data()) as Float32Array;
      logits.dispose();
      return meanMagnitude(values);
    },
    close: () => device.dispose(),
  };
}

class Created extends Error {}

/** Milliseconds from calling the loss and its gradients for the first time until ONNX Runtime's session is there. */
export async function timeTrace({ task, parameters, images, labels }: LoadedTask): Promise<number> {
  const { spec, apply } = model(task);
  const runtime = await ortCpu();
  let ms = Number.NaN;
  let start = 0;
  const device = compiledDevice('ort-cpu', {
    ...runtime,
    session: async (bytes, multiplyAdds) => {
      const session = await runtime.session(bytes, multiplyAdds);
      ms = performance.now() - start;
      await session.release();
      throw new Created(); // the graph need not run
    },
  });
  const loss = lossOf(apply);
  const compiled = device.compile((params: Parameters, batch: Batch) => lossAndGradients(loss, params, batch, key(0)));
  const params = device.put(loadStrict(spec, parameters)) as Parameters;
  const batch = device.put({ images, labels }) as Batch;
  start = performance.now();
  await compiled(params, batch).catch((error: unknown) => {
    if (!(error instanceof Created)) throw error;
  });
  return ms;
}
