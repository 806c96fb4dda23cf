/**
 * The tokens at chosen positions of each sequence: y[b, k, :] = x[b, positions[b, k], :].
 *
 *   x [batch, tokens, channels], positions int32 [batch, chosen] -> y [batch, chosen, channels]
 *
 * A position may be chosen twice; its gradients add. Masked language modelling computes logits for the masked tokens only. The
 * gradient is a product with one-hot rows, whose sums have one order: dx[b] = P[b] dy[b], P[b, t, k] = 1 where positions[b, k] = t.
 *
 * A position outside of the sequence is an error where positions lie on the host, and in a compiled call that is given them.
 */
import type { Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { expectIndicesOnHost } from './expect-indices-on-host.ts';
import { expectShape } from './expect-shape.ts';
import { withGradient } from './with-gradient.ts';

export function gatherPositions(x: Tensor3D, positions: Tensor2D): Tensor3D {
  expectShape(
    x.rank === 3 && positions.rank === 2 && positions.dtype === 'int32' && x.shape[0] === positions.shape[0],
    'gatherPositions',
    'x [batch, tokens, channels], int32 positions [batch, chosen]',
    { x, positions },
  );
  const [batch, tokens, channels] = x.shape;
  const chosen = positions.shape[1];
  expectIndicesOnHost('gatherPositions', 'position', positions, tokens, `sequences have ${tokens} tokens`);
  return withGradient<tf.Rank.R3>([x], () => {
    const firstRows = Int32Array.from({ length: batch }, (_, b) => b * tokens);
    const places = tf.tensor1d(
      Int32Array.from({ length: tokens }, (_, t) => t),
      'int32',
    );
    // A look-up of what is known, so that positions are indices in the graph of a compiled call, which checks those: a row
    // number alone may be of the next sample.
    const inSample = tf.gather(places, positions);
    const rows: Tensor1D = tf.reshape(tf.add(inSample, tf.tensor2d(firstRows, [batch, 1], 'int32')), [batch * chosen]);
    return {
      value: tf.reshape(tf.gather(tf.reshape(x, [batch * tokens, channels]), rows), [batch, chosen, channels]),
      saved: [places, inSample],
      gradients: (dy, [places, inSample]) => {
        const oneHot = tf.equal(tf.reshape(places!, [1, tokens, 1]), tf.reshape(inSample!, [batch, 1, chosen]));
        return [tf.matMul(tf.cast(oneHot, 'float32'), dy)];
      },
    };
  });
}
