import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import { normal, onEveryDevice, runOnce, valueAndGradients } from './on-every-device.ts';
import { differentiable, opCases } from './op-cases.ts';

const sizes = { batch: 2, tokens: 6, channels: 8, outputs: 7 };

onEveryDevice('no op leaves a tensor behind, forward or backward, over repeated calls', async (device) => {
  for (const [name, build] of Object.entries(opCases)) {
    const op = build(sizes);
    const forward = device.compile((...inputs: tf.Tensor[]) => [op.fn(...inputs)]);
    const [value] = await runOnce(device, forward, op.inputs);
    const compiled = device.compile(valueAndGradients(op.fn, differentiable(op)));
    const inputs = [...op.inputs, normal('direction', value!.shape)];
    await runOnce(device, compiled, inputs);
    const before = tf.memory();
    for (let call = 0; call < 5; call++) await runOnce(device, compiled, inputs);
    const after = tf.memory();
    expect([after.numTensors, after.numDataBuffers, after.numBytes], name).toEqual([
      before.numTensors,
      before.numDataBuffers,
      before.numBytes,
    ]);
  }
});
