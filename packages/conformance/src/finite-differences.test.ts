import type { HostArray } from '@gmlp/base';
import { expectAllClose, finiteDifferences } from '@gmlp/testing';
import type { Tensor } from '@tensorflow/tfjs-core';
import { normal, onEveryDevice, runOnce, valueAndGradients } from './on-every-device.ts';
import { differentiable, opCases } from './op-cases.ts';

const sizes = { batch: 2, tokens: 3, channels: 4, outputs: 5 };

for (const [name, build] of Object.entries(opCases)) {
  if (differentiable(build(sizes)).length === 0) continue;
  onEveryDevice(`${name}: gradients by finite differences of the device's own values`, async (device) => {
    const op = build(sizes);
    const chosen = differentiable(op);
    const forward = device.compile((...inputs: Tensor[]) => [op.fn(...inputs)]);
    const evaluate = async (inputs: readonly HostArray[]): Promise<HostArray> => (await runOnce(device, forward, inputs))[0]!;
    const direction = normal('direction', (await evaluate(op.inputs)).shape);
    const expected = await finiteDifferences(evaluate, op.inputs, direction, { step: 1 / 64 });
    const [, ...gradients] = await runOnce(device, device.compile(valueAndGradients(op.fn, chosen)), [...op.inputs, direction]);
    const named = (arrays: readonly HostArray[]) => new Map(arrays.map((array, i) => [`input ${chosen[i]}`, array]));
    expectAllClose(named(gradients), named(expected), { tolerance: 2e-3 });
  });
}
