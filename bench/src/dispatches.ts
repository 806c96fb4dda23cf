/**
 * `bench dispatches`: what our WGSL kernels save on `tfjs-webgpu`. A training step (loss, all gradients, AdamW) of a body of
 * thirty narrow gMLP blocks, once as the compositions of TF.js's kernels that the ops are without ours, once with them. What is
 * counted does not depend on the GPU, so a GPU that is played by software will do.
 */
import { openDevice } from '@gmlp/devices/node';
import { registerWebgpuKernels } from '@gmlp/ops/webgpu';
import * as tf from '@tensorflow/tfjs-core';
import { openGmlp } from './gmlp-side.ts';
import type { SideFunctions } from './side.ts';
import { parameterShapes, type Sizes } from './task.ts';
import { readTask, removeTask, writeTask } from './task-folder.ts';

export interface Dispatches {
  readonly dispatches: number;
  /** The sizes of the arrays that each dispatch reads or writes, summed over all dispatches. */
  readonly bytes: number;
}

export interface StepDispatches {
  readonly step: Dispatches;
  /** The part of the step that is AdamW. */
  readonly optimiser: Dispatches;
}

export interface DispatchFigures {
  readonly blocks: number;
  readonly channels: number;
  readonly hidden: number;
  readonly tokens: number;
  readonly batch: number;
  readonly parameterTensors: number;
  readonly composed: StepDispatches;
  readonly fused: StepDispatches;
  readonly optimiserPerTensor: number;
}

const narrow = {
  batch: 8,
  tokens: 16,
  channels: 16,
  hidden: 96,
  classes: 10,
  normEpsilon: 1e-5,
  adamw: { rate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01 },
} as const;

export async function measureDispatches(blocks: number, log: (line: string) => void): Promise<DispatchFigures> {
  const sizes: Sizes = { blocks, ...narrow };
  const folder = await writeTask(sizes, 1);
  const device = await openDevice('tfjs-webgpu');
  try {
    const side = await openGmlp(device, await readTask(folder));
    log('our kernels');
    const fused = await countStep(side);
    log('compositions');
    const ours = tf.getKernelsForBackend('webgpu').filter(({ kernelName }) => kernelName.startsWith('Gmlp'));
    for (const { kernelName } of ours) tf.unregisterKernel(kernelName, 'webgpu');
    const composed = await countStep(side);
    registerWebgpuKernels();
    const { batch, tokens, channels, hidden } = sizes;
    const parameterTensors = parameterShapes(sizes).length;
    return {
      ...{ blocks, channels, hidden, tokens, batch, parameterTensors, composed, fused },
      optimiserPerTensor: fused.optimiser.dispatches / parameterTensors,
    };
  } finally {
    await device.dispose();
    await removeTask(folder);
  }
}

/** Of the second step: by then parameters and state are on the GPU. */
async function countStep({ step, gradients }: SideFunctions): Promise<StepDispatches> {
  await step!();
  const whole = await count(step!);
  const withoutUpdate = await count(gradients!);
  return {
    step: whole,
    optimiser: { dispatches: whole.dispatches - withoutUpdate.dispatches, bytes: whole.bytes - withoutUpdate.bytes },
  };
}

interface Backend {
  recordAndSubmit(program: object, output: tf.TensorInfo, inputs: readonly tf.TensorInfo[], ...rest: unknown[]): void;
}

/** Every dispatch of TF.js's backend, of its programs and of ours, goes through its `recordAndSubmit`. */
async function count(run: () => Promise<unknown>): Promise<Dispatches> {
  const backend = tf.findBackend('webgpu') as unknown as Backend;
  const { recordAndSubmit } = backend;
  let [dispatches, bytes] = [0, 0];
  backend.recordAndSubmit = (program, output, inputs, ...rest) => {
    dispatches++;
    for (const { shape, dtype } of [output, ...inputs]) bytes += tf.util.sizeFromShape(shape) * tf.util.bytesPerElement(dtype);
    recordAndSubmit.call(backend, program, output, inputs, ...rest);
  };
  try {
    await run();
  } finally {
    backend.recordAndSubmit = recordAndSubmit;
  }
  return { dispatches, bytes };
}

export function dispatchTable({ blocks, channels, hidden, tokens, batch, composed, fused, ...rest }: DispatchFigures): string {
  const line = (...cells: string[]) => cells.map((cell, i) => (i === 0 ? cell.padEnd(22) : cell.padStart(12))).join('');
  const row = (name: string, { step, optimiser }: StepDispatches) =>
    line(name, String(step.dispatches), (step.bytes / 1e6).toFixed(1), String(optimiser.dispatches));
  const share = (part: keyof Dispatches) => `${((100 * fused.step[part]) / composed.step[part]).toFixed(1)} %`;
  return [
    `${blocks} blocks, ${channels} channels (${hidden} inside), ${tokens} tokens, batch ${batch}; one training step on tfjs-webgpu`,
    '',
    line('', 'dispatches', 'MB', 'of AdamW'),
    row('composed of TF.js', composed),
    row('with our kernels', fused),
    line('', share('dispatches'), share('bytes')),
    '',
    `AdamW: ${rest.optimiserPerTensor} dispatches for each of ${rest.parameterTensors} parameter tensors`,
  ].join('\n');
}
