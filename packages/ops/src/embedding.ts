/**
 * Rows of a table: y[..., :] = table[ids[...], :].
 *
 *   ids int32 [...], table [vocabulary, channels] -> y [..., channels]
 *   dtable[v] = sum of dy over the places where ids = v
 *
 * An id that the table has no row for is an error where ids lie on the host. Elsewhere they are checked before they come here: a
 * compiled call checks those that it is given, and a GPU reads whatever lies there.
 */
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { expectIndicesOnHost } from './expect-indices-on-host.ts';
import { expectShape } from './expect-shape.ts';
import { scatterAdd } from './scatter-add.ts';
import { withGradient } from './with-gradient.ts';

const outside = 'the table has no such row; of tokens: were they made with this model’s tokenizer?';

export function embedding(ids: Tensor, table: Tensor2D): Tensor {
  expectShape(ids.dtype === 'int32' && table.rank === 2, 'embedding', 'int32 ids [...], table [vocabulary, channels]', {
    ids,
    table,
  });
  const [vocabulary, channels] = table.shape;
  expectIndicesOnHost('embedding', 'id', ids, vocabulary, outside);
  return withGradient([table], () => {
    const flat: Tensor1D = tf.reshape(ids, [ids.size]);
    return {
      value: tf.reshape(tf.gather(table, flat), [...ids.shape, channels]),
      saved: [flat],
      gradients: (dy, [flat]) => [scatterAdd(flat as Tensor1D, tf.reshape(dy, [ids.size, channels]), vocabulary)],
    };
  });
}
