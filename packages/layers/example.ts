import '@tensorflow/tfjs-backend-cpu';
import { key, leavesOf, randomNormal, withLeaves } from '@gmlp/base';
import { gmlpBlock, inference, init } from '@gmlp/layers';
import * as tf from '@tensorflow/tfjs-core';

const block = gmlpBlock({ tokens: 8, channels: 16, hiddenChannels: 32 });
const params = init(block.spec, key(1));
const x = tf.tensor(randomNormal(key(2), 2 * 8 * 16), [2, 8, 16]);
const loss = (at: typeof params): tf.Scalar => tf.mean(tf.square(block.apply(at, x, inference)));

const leaves = leavesOf<tf.Tensor>(params);
const withTensors = (tensors: tf.Tensor[]) => withLeaves(params, tensors) as unknown as typeof params;
const gradients = tf.grads((...at: tf.Tensor[]) => loss(withTensors(at)))(leaves);
const next = withTensors(leaves.map((leaf, i) => tf.sub(leaf, tf.mul(gradients[i] as tf.Tensor, 0.1))));
const [before, after] = (await tf.stack([loss(params), loss(next)]).data()) as Float32Array;
console.log(`${leaves.length} parameters, ${(before as number) > (after as number) ? 'a smaller loss' : 'no smaller loss'}`); // 10 parameters, a smaller loss
