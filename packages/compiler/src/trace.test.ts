import '@tensorflow/tfjs-backend-cpu';
import { key, split } from '@gmlp/base';
import { dropout, gelu } from '@gmlp/ops';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { placeholder } from './placeholder.ts';
import { trace } from './trace.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const matrix = placeholder('float32', [2, 3]);

test('kernels are recorded with shapes and dtypes, the result keeps its structure', () => {
  const { graph, result } = trace(
    ({ x, w }: { x: tf.Tensor2D; w: tf.Tensor2D }) => ({ y: tf.matMul(x, w), big: [tf.greater(x, 0)] }),
    [{ x: matrix, w: placeholder('float32', [3, 5]) }],
  );
  expect(graph.nodes.map((node) => node.kernel)).toEqual(['BatchMatMul', 'Greater']);
  expect(graph.outputs.map((id) => graph.values[id])).toEqual([
    { shape: [2, 5], dtype: 'float32' },
    { shape: [2, 3], dtype: 'bool' },
  ]);
  expect(result).toEqual({ y: 0, big: [1] });
});

test("TF.js's gradients are part of the trace", () => {
  const { graph } = trace((x: tf.Tensor) => tf.grad((value: tf.Tensor) => tf.sum(tf.square(value)))(x), [matrix]);
  expect(graph.values[graph.outputs[0]!]).toEqual({ shape: [2, 3], dtype: 'float32' });
  expect(graph.nodes.length).toBeGreaterThan(0);
});

test('nothing is computed and nothing stays behind; the active backend is restored', () => {
  const before = tf.memory();
  trace((x: tf.Tensor) => tf.grad((value: tf.Tensor) => tf.sum(gelu(value)))(x), [placeholder('float32', [10_000, 1000])]);
  const after = tf.memory();
  expect([after.numTensors, after.numDataBuffers, after.numBytes]).toEqual([
    before.numTensors,
    before.numDataBuffers,
    before.numBytes,
  ]);
  expect(tf.getBackend()).toBe('cpu');
});

test('tensors from outside become constants with their values', () => {
  const table = tf.tensor1d([1, 2, 3]);
  const { graph } = trace((x: tf.Tensor) => tf.add(x, table), [matrix]);
  expect([...graph.constants.values()].map(({ data }) => [...data])).toEqual([[1, 2, 3]]);
  table.dispose();
});

test('a large tensor of one value is a kernel, not its bytes', () => {
  const { graph } = trace((x: tf.Tensor) => tf.grad((value: tf.Tensor) => tf.sum(value))(x), [placeholder('float32', [64, 64])]);
  expect(graph.nodes.map(({ kernel }) => kernel)).toContain('Fill');
  expect([...graph.constants.values()].every(({ data }) => data.length <= 1)).toBe(true);
});

test('a draw becomes inputs that know the path of their key', () => {
  const { graph } = trace(
    (x: tf.Tensor, source: ReturnType<typeof key>) => dropout(x, 0.5, split(source, 'here')),
    [matrix, key(1)],
  );
  expect(
    graph.randomInputs.map(({ key: { state }, value }) => [state.kind === 'traced' && state.path, graph.values[value]!.shape]),
  ).toEqual([
    [
      ['here', 'rows'],
      [2, 1],
    ],
    [
      ['here', 'columns'],
      [1, 3],
    ],
  ]);
});

test('what a trace cannot hold is refused, with the place', () => {
  expect(() => trace((x: tf.Tensor) => x, [{ rate: 0.1 }])).toThrow(
    'argument 0 at rate must be a tensor or a key, got number 0.1',
  );
  expect(() => trace((x: tf.Tensor) => tf.scalar(x.dataSync()[0]!), [matrix])).toThrow('read inside of a traced function');
  expect(() => trace(async (x: tf.Tensor) => x, [matrix])).toThrow('must be synchronous');
  expect(() => trace(() => 3, [matrix])).toThrow('must return tensors, got number');
  expect(() =>
    trace((x: tf.Tensor2D) => tf.image.resizeBilinear(tf.reshape(x, [1, 2, 3, 1]) as tf.Tensor4D, [4, 4]), [matrix]),
  ).toThrow('ResizeBilinear');
  expect(() => trace((x: tf.Tensor) => trace((y: tf.Tensor) => y, [x]), [matrix])).toThrow('a trace is already running');
  // A failed trace leaves TF.js as it was.
  expect(tf.getBackend()).toBe('cpu');
  expect(trace((x: tf.Tensor) => tf.neg(x), [matrix]).graph.nodes).toHaveLength(1);
});

test('a tensor that escaped from a trace cannot be used', () => {
  let escaped: tf.Tensor | undefined;
  trace(
    (x: tf.Tensor) => {
      escaped = tf.keep(tf.neg(x));
      return x;
    },
    [matrix],
  );
  expect(() => escaped!.dataSync()).toThrow('read inside of a traced function');
  escaped!.dispose();
});
