/**
 * Rows of a table: y[..., :] = table[ids[...], :].
 *
 *   ids int32 [...], table [vocabulary, channels] -> y [..., channels]
 *   dtable[v] = sum of dy over the places where ids = v
 *
 * Ids are checked on the host before they reach a device, not here.
 */
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { expectShape } from './expect-shape.ts';
import { scatterAdd } from './scatter-add.ts';
import { withGradient } from './with-gradient.ts';

export function embedding(ids: Tensor, table: Tensor2D): Tensor {
  expectShape(ids.dtype === 'int32' && table.rank === 2, 'embedding', 'int32 ids [...], table [vocabulary, channels]', {
    ids,
    table,
  });
  const [vocabulary, channels] = table.shape;
  return withGradient([table], () => {
    const flat: Tensor1D = tf.reshape(ids, [ids.size]);
    return {
      value: tf.reshape(tf.gather(table, flat), [...ids.shape, channels]),
      saved: [flat],
      gradients: (dy, [flat]) => [scatterAdd(flat as Tensor1D, tf.reshape(dy, [ids.size, channels]), vocabulary)],
    };
  });
}
