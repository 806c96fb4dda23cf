import type { HostArray } from '@gmlp/base';
import { tiedLogits } from '@gmlp/layers';
import { dense, embedding, gatherPositions, gelu, layerNorm, softmaxCrossEntropy } from '@gmlp/ops';
import { expectAllClose } from '@gmlp/testing/closeness';
import type { Scalar, Tensor, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { CheckedDevice } from './checked-device.ts';
import { ints, normal } from './host-inputs.ts';
import { runOnce } from './run-once.ts';

/**
 * What adds many rows: embeddings of ids of which three of four are of four pieces, tied to the logits, a norm and a dense map, whose
 * weights' gradients are products with a long inner axis. `pnpm test:bits` has larger sizes, for ONNX Runtime's CPU provider.
 */
export async function sumsHaveOneOrder({ device, reference }: CheckedDevice): Promise<void> {
  const [count, channels, vocabulary] = [2304, 24, 40];
  const words = Array.from({ length: count }, (_, k) => (k % 4 === 0 ? (k * 7) % vocabulary : k % 4));
  const inputs: HostArray[] = [
    ints([16, count / 16], words),
    ints([16, 9], words.slice(0, 144)), // positions and labels
    normal('table', [vocabulary, channels]),
    ...['scale', 'offset', 'bias'].map((name) => normal(name, [channels])),
    normal('weight', [channels, channels], 0.2),
  ];
  const gradients = (...given: Tensor[]): Tensor[] => {
    const [ids, positions, ...parameters] = given as [Tensor, Tensor2D, ...Tensor[]];
    const loss = (...[table, scale, offset, bias, weight]: Tensor[]): Scalar => {
      const rows = layerNorm(embedding(ids, table as Tensor2D), scale as Tensor1D, offset as Tensor1D, 1e-5);
      const hidden = gelu(dense(rows, weight as Tensor2D, bias as Tensor1D)) as Tensor3D;
      const logits = tiedLogits(tf.add(gatherPositions(hidden, positions), tf.mean(hidden)), table as Tensor2D);
      return softmaxCrossEntropy(logits, positions).sum;
    };
    const { value, grads } = tf.valueAndGrads(loss)(parameters);
    return [value, ...grads];
  };
  const expected = await runOnce(reference, reference.compile(gradients), inputs);
  const compiled = device.compile(gradients);
  let first: HostArray[] | undefined;
  for (let call = 0; call < 5; call++) {
    const actual = await runOnce(device, compiled, inputs);
    first ??= actual;
    for (const [index, { data }] of actual.entries()) {
      const bits = new Int32Array(data.buffer, data.byteOffset, data.length);
      const before = new Int32Array(first[index]!.data.buffer, first[index]!.data.byteOffset, data.length);
      const at = bits.findIndex((word, i) => word !== before[i]);
      if (at !== -1) throw new Error(`call ${call}: result ${index} has other bits than the first call from element ${at} on`);
    }
  }
  const named = (arrays: readonly HostArray[]): Map<string, HostArray> =>
    new Map(arrays.map((array, index) => [`result ${index}`, array]));
  expectAllClose(named(first!), named(expected), { kind: 'gradient' });
}
