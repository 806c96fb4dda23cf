/**
 * What a browser's user might bundle: `tooling/check-browser.mjs` bundles it and runs the bundle where nothing says "Node". Registered
 * gradients and backends must survive the removal of unused code. Throws when they did not.
 */
import '@tensorflow/tfjs-backend-cpu';
import { key } from '@gmlp/base';
import { costOf } from '@gmlp/compiler';
import { gmlpBlock, inference, init } from '@gmlp/layers';
import * as tf from '@tensorflow/tfjs-core';

await tf.setBackend('cpu');
const block = gmlpBlock({ tokens: 3, channels: 4, hiddenChannels: 8 });
const params = init(block.spec, key(1));
const x = tf.ones([1, 3, 4]);
const loss = (input) => tf.sum(tf.square(block.apply(params, input, inference)));
const gradient = await tf.grad(loss)(x).data();
if (!gradient.every((value) => Number.isFinite(value) && value !== 0)) throw new Error(`the gradient is ${gradient}`);
const { multiplyAdds } = costOf((weights, input) => block.apply(weights, input, inference), params, x);
if (multiplyAdds !== 3 * 4 * 8 + 3 * 3 * 4 + 3 * 4 * 4) throw new Error(`the block costs ${multiplyAdds} multiply-adds`);
