import { hostArray, key, leavesOf } from '@gmlp/base';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { expect, it } from 'vitest';
import { gmlpBlock } from './gmlp-block.ts';
import { countParameters, decayed, init, initialValues, loadStrict, toNamed } from './parameters.ts';

const block = gmlpBlock({ tokens: 5, channels: 4, hiddenChannels: 12, spatialWeight: 'toeplitz' });
const names = [
  'norm.scale',
  'norm.offset',
  'expand.weight',
  'expand.bias',
  'gate.norm.scale',
  'gate.norm.offset',
  'gate.spatial.weight',
  'gate.spatial.bias',
  'contract.weight',
  'contract.bias',
];

it('names are the paths of the tree, which files rely on', () => {
  expect([...toNamed(block.spec).keys()]).toEqual(names);
});

it('weight decay applies to matrices and the Toeplitz vector, not to biases and norms', () => {
  const decays = toNamed<boolean>(decayed(block.spec));
  expect(names.filter((name) => decays.get(name))).toEqual(['expand.weight', 'gate.spatial.weight', 'contract.weight']);
});

it('initial values are those of the key, the same on the host and as tensors', async () => {
  await tf.setBackend('cpu');
  const values = initialValues(block.spec, key(7));
  const tensors = init(block.spec, key(7));
  expect(countParameters(block.spec)).toBe(leavesOf<tf.Tensor>(tensors).reduce((sum, tensor) => sum + tensor.size, 0));
  expect(tensors.expand.weight.dataSync()).toEqual(values.expand.weight.data);
  expect(initialValues(block.spec, key(8)).expand.weight.data).not.toEqual(values.expand.weight.data);
  expect(values.expand.weight.data).not.toEqual(values.contract.weight.data);
  tf.dispose(leavesOf<tf.Tensor>(tensors));
});

it('a part keeps its initial values when another part is added', () => {
  const alone = initialValues({ a: block.spec }, key(1));
  const beside = initialValues({ before: block.spec, a: block.spec }, key(1));
  expect(beside.a).toEqual(alone.a);
});

it('strict loading gives back what was named', () => {
  const values = initialValues(block.spec, key(3));
  expect(loadStrict(block.spec, toNamed(values))).toEqual(values);
});

it('strict loading names everything that does not match in one error', () => {
  const named = toNamed<ReturnType<typeof hostArray>>(initialValues(block.spec, key(3)));
  named.delete('norm.scale');
  named.set('head.weight', hostArray('float32', [1], new Float32Array(1)));
  named.set('gate.spatial.bias', hostArray('float32', [6], new Float32Array(6)));
  expect(() => loadStrict(block.spec, named)).toThrow(
    /missing: norm.scale\n\s+unexpected: head.weight\n\s+of another shape: gate.spatial.bias is float32 \[6\], expected float32 \[5\]/,
  );
});
