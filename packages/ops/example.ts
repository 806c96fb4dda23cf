import '@tensorflow/tfjs-backend-cpu';
import { gelu, spatialProjection } from '@gmlp/ops';
import * as tf from '@tensorflow/tfjs-core';

const x: tf.Tensor3D = tf.ones([2, 3, 4]); // [batch, tokens, channels]
const bias: tf.Tensor1D = tf.zeros([3]);
const loss = (weight: tf.Tensor): tf.Scalar => tf.sum(gelu(spatialProjection(x, weight as tf.Tensor2D, bias)));

const gradient = tf.grad(loss)(tf.eye(3));
console.log(gradient.shape); // [ 3, 3 ]
console.log(Array.from(await gradient.data(), (value) => value.toFixed(2)).join(' ')); // 8.67 8.67 8.67 8.67 8.67 8.67 8.67 8.67 8.67
