/** How the suites run an op on a device. */
import type { HostArray } from '@gmlp/base';
import type { Device } from '@gmlp/devices';
import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';

/** Puts the inputs, runs the compiled function, reads its results and frees everything. */
export async function runOnce<R extends readonly Tensor[]>(
  open: Device,
  compiled: (...inputs: Tensor[]) => Promise<R>,
  inputs: readonly HostArray[],
): Promise<HostArray[]> {
  const tensors = open.put([...inputs]) as Tensor[];
  const results = await compiled(...tensors);
  const values = await open.read([...results]);
  tf.dispose([tensors, [...results]]);
  return values;
}

/** The value of `fn` and its gradients for the float32 inputs, under the direction given as the last input. */
export function valueAndGradients(fn: (...inputs: Tensor[]) => Tensor, differentiable: readonly number[]) {
  return (...inputs: Tensor[]): Tensor[] => {
    const [at, direction] = [inputs.slice(0, -1), inputs.at(-1)!];
    if (differentiable.length === 0) return [fn(...at)];
    const { value, grads } = tf.valueAndGrads((...chosen: Tensor[]) =>
      fn(...at.map((tensor, index) => chosen[differentiable.indexOf(index)] ?? tensor)),
    )(
      differentiable.map((index) => at[index]!),
      direction,
    );
    return [value, ...grads];
  };
}
