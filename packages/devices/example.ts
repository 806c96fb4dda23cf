import { hostArray } from '@gmlp/base';
import { openDevice } from '@gmlp/devices/node';
import * as tf from '@tensorflow/tfjs-core';

const device = await openDevice('ort-cpu');
const product = device.compile((a: tf.Tensor, b: tf.Tensor) => tf.matMul(a, b)); // traced at its first call
const a = device.put(hostArray('float32', [1, 3], Float32Array.of(1, 2, 3)));
const b = device.put(hostArray('float32', [3, 2], Float32Array.of(1, 0, 0, 1, 1, 1)));
const { shape, data } = await device.read(await product(a, b));
console.log(shape, Array.from(data)); // [ 1, 2 ] [ 4, 5 ]
await device.dispose();
