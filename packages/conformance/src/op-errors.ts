/** How far a device's values and gradients of an op are from those of TF.js's cpu backend. */
import type { HostArray } from '@gmlp/base';
import { expectClose, largestMagnitude, relativeError } from '@gmlp/testing/closeness';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { CheckedDevice } from './checked-device.ts';
import { normal } from './host-inputs.ts';
import { differentiable, opCases } from './op-cases.ts';
import { runOnce, valueAndGradients } from './run-once.ts';

/** Relative errors, as `@gmlp/testing` measures them. */
export interface OpErrors {
  /** The name of the op's case. */
  readonly op: string;
  readonly forward: number;
  /** The largest of all gradients; none where the op has no gradient. */
  readonly gradient?: number;
}

const sizes = { batch: 2, tokens: 3, channels: 4, outputs: 5 };

/** Throws where they are further apart than outputs and gradients may be. */
export async function opErrors(name: string, { device, reference }: CheckedDevice): Promise<OpErrors> {
  const op = opCases[name]!(sizes);
  const fn = valueAndGradients(op.fn, differentiable(op));
  const [value] = await runOnce(
    reference,
    reference.compile((...inputs: Tensor[]) => [op.fn(...inputs)]),
    op.inputs,
  );
  const inputs = [...op.inputs, normal('direction', value!.shape)];
  const expected = await runOnce(reference, reference.compile(fn), inputs);
  const actual = await runOnce(device, device.compile(fn), inputs);
  expectClose(actual[0]!, expected[0]!, { name: 'value' });
  const forward = relativeError(actual[0]!, expected[0]!);
  const largest = largestMagnitude(expected.slice(1));
  const gradients = expected.slice(1).map((gradient: HostArray, index) => {
    expectClose(actual[index + 1]!, gradient, { kind: 'gradient', largest, name: `gradient ${index + 1}` });
    return relativeError(actual[index + 1]!, gradient, largest);
  });
  return { op: name, forward, ...(gradients.length > 0 && { gradient: Math.max(...gradients) }) };
}
