import { hostArray } from '@gmlp/base';
import { exportOnnx } from '@gmlp/compiler';
import * as tf from '@tensorflow/tfjs-core';

const weight = hostArray('float32', [4, 3], new Float32Array(12).fill(0.5));
const apply = (params: { weight: tf.Tensor2D }, inputs: { x: tf.Tensor2D }) => ({
  y: tf.relu(tf.matMul(inputs.x, params.weight)),
});
const { model } = exportOnnx(apply, { parameters: { weight }, inputs: { x: { dtype: 'float32', shape: ['batch', 4] } } });
console.log(new TextDecoder('latin1').decode(model).match(/Gemm|MatMul|Relu/g)); // [ 'Gemm', 'Relu' ]
