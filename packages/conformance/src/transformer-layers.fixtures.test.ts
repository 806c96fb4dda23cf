/** Attention and Transformer blocks against torch.nn, with masks and score biases: outputs and every gradient, on every device. */
import { type HostArray, hostArray, key } from '@gmlp/base';
import { disposeTree } from '@gmlp/devices';
import { addBiases, inference, loadStrict, multiHeadAttention, paddingBias, toNamed, transformerBlock } from '@gmlp/layers';
import { expectAllClose, fixture } from '@gmlp/testing';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { meanGradients } from './mean-gradients.ts';
import { onEveryDevice } from './on-every-device.ts';

const golden = fixture('torch-transformer-layers');
const sizes = golden.config as Record<'channels' | 'memoryChannels' | 'heads' | 'hiddenChannels' | 'epsilon', number>;
const cross = multiHeadAttention(sizes);
const blocks = {
  pre: transformerBlock({ ...sizes, normPlacement: 'pre' }),
  post: transformerBlock({ ...sizes, normPlacement: 'post', activation: 'relu' }),
};
const names = ['cross', 'pre', 'post'] as const;
const weights = loadStrict({ cross: cross.spec, pre: blocks.pre.spec, post: blocks.post.spec }, golden.all('param.'));
const learnedInputs = ['x', 'memory', 'bias', 'selfBias'] as const;
const truths = (name: string): HostArray<'bool'> => {
  const { shape, data } = golden.get(name);
  return hostArray('bool', shape, Uint8Array.from(data));
};

onEveryDevice('gives torch’s outputs and every gradient, inputs and biases included', async (device) => {
  const inputs = Object.fromEntries(learnedInputs.map((name) => [name, golden.get(`in.${name}`)]));
  const params = device.put({ weights, inputs: inputs as Record<(typeof learnedInputs)[number], HostArray> });
  const batch = device.put({
    counted: truths('in.counted'),
    selfCounted: truths('in.selfCounted'),
    directions: names.map((name) => golden.get(`in.weights.${name}`)),
  });
  const outputs = ({ weights, inputs }: typeof params, { counted, selfCounted }: typeof batch): Tensor[] => {
    const { x, memory, bias, selfBias } = inputs;
    const selfScores = addBiases([selfBias, paddingBias(selfCounted)]);
    return [
      cross.apply(weights.cross, { x, memory, bias: addBiases([bias, paddingBias(counted)]) }, inference),
      blocks.pre.apply(weights.pre, { x, bias: selfScores }, inference),
      blocks.post.apply(weights.post, { x, bias: selfScores }, inference),
    ];
  };
  const weighted = (p: typeof params, b: typeof batch) => {
    const sums = outputs(p, b).map((y, index) => tf.sum(tf.mul(y, b.directions[index]!)) as Tensor);
    return { sum: sums.reduce((total, sum) => tf.add(total, sum)) as Scalar, count: tf.scalar(1) };
  };
  const result = await device.compile((p: typeof params, b: typeof batch) => ({
    outputs: outputs(p, b),
    ...meanGradients(weighted, p, b, key(0)),
  }))(params, batch);
  const { outputs: values, loss, gradients } = await device.read(result);
  expectAllClose(
    new Map([...names.map((name, index) => [name, values[index]!] as const), ['loss', loss as HostArray]]),
    golden.all('out.'),
  );
  expectAllClose(toNamed({ ...gradients.weights, ...gradients.inputs }), golden.all('grad.'), { kind: 'gradient' });
  disposeTree([params, batch, result]);
});
