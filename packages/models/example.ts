import '@tensorflow/tfjs-backend-cpu';
import { key } from '@gmlp/base';
import { countParameters, inference, init } from '@gmlp/layers';
import { createModel } from '@gmlp/models';
import * as tf from '@tensorflow/tfjs-core';

const size = { vocabulary: 100, tokens: 16, channels: 32, hiddenChannels: 64, layers: 2 };
const { module } = createModel({ family: 'gmlp-language', ...size });
const params = init(module.spec, key(0));
const ids = tf.zeros([1, 16], 'int32');
console.log(module.apply(params, { ids }, inference).shape); // [ 1, 16, 100 ]

const paper = createModel('gmlp_base'); // a variant of the paper by its name
console.log(`${(countParameters(paper.module.spec) / 1e6).toFixed(0)} million parameters`); // 130 million parameters
