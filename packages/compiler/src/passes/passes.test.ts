/** Each pass finds what it is for, and none changes the numbers. */
import { hostArray, key, randomNormal, sizeOf, split } from '@gmlp/base';
import { dense, gelu, layerNorm, scatterAdd, spatialProjection } from '@gmlp/ops';
import { expectClose } from '@gmlp/testing';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import type { Graph } from '../graph.ts';
import { optimise, type Pass } from '../optimise.ts';
import { placeholder } from '../placeholder.ts';
import { runGraph } from '../run-graph.ts';
import { trace } from '../trace.ts';
import { addIntoProduct } from './add-into-product.ts';
import { foldTransposes } from './fold-transposes.ts';
import { removeUnused } from './remove-unused.ts';
import { scatterOnto } from './scatter-onto.ts';
import { splitColumns } from './split-columns.ts';

const graphOf = (fn: (...inputs: tf.Tensor[]) => unknown, ...shapes: number[][]): Graph =>
  trace(
    fn as never,
    shapes.map((shape) => placeholder('float32', shape)),
  ).graph;

const kernels = (graph: Graph) => graph.nodes.map((node) => node.kernel);

async function expectSameNumbers(before: Graph, after: Graph): Promise<void> {
  const inputs = before.inputs.map((id, index) => {
    const { shape } = before.values[id]!;
    return hostArray('float32', shape, randomNormal(split(key(3), index), sizeOf(shape)));
  });
  const [expected, actual] = [
    await runGraph(before, inputs),
    await runGraph(after, inputs, { provider: 'cpu', precision: 'float32' }),
  ];
  expect(actual.length).toBe(expected.length);
  for (const [index, value] of expected.entries()) expectClose(actual[index]!, value, { name: `output ${index}` });
}

test('remove-unused drops what nobody reads, and only that', async () => {
  const graph = graphOf(
    (x) => {
      tf.exp(tf.mul(x!, 3));
      return tf.neg(x!);
    },
    [2, 3],
  );
  const pruned = removeUnused(graph);
  expect(kernels(pruned)).toEqual(['Neg']);
  expect(pruned.constants.size).toBe(0);
  await expectSameNumbers(graph, pruned);
});

test('fold-transposes reads a second matrix itself, and leaves the first alone', async () => {
  const graph = graphOf(
    (a, b, x) => [
      tf.matMul(a!, tf.transpose(b!)),
      tf.matMul(a!, tf.transpose(b!, [1, 0]), true, true),
      tf.matMul(x!, tf.transpose(x!, [0, 2, 1])),
      tf.matMul(tf.transpose(a!), b!),
      tf.matMul(tf.transpose(x!, [1, 0, 2]), tf.transpose(x!, [1, 2, 0])),
    ],
    [4, 4],
    [4, 4],
    [2, 4, 5],
  );
  const folded = removeUnused(foldTransposes(graph));
  expect(kernels(graph).filter((kernel) => kernel === 'Transpose')).toHaveLength(6);
  expect(kernels(folded).filter((kernel) => kernel === 'Transpose')).toHaveLength(3); // a first operand, and two that move the batch
  await expectSameNumbers(graph, folded);
});

test('add-into-product takes a bias or a matrix, and leaves what others read or what would not fit', async () => {
  const graph = graphOf(
    (x, w, bias, addend) => {
      const seen = tf.matMul(x!, w!);
      return [
        tf.add(tf.matMul(x!, w!), bias!),
        tf.add(addend!, tf.matMul(x!, w!)),
        tf.add(seen, bias!),
        seen,
        tf.add(tf.matMul(x!, w!), tf.reshape(tf.mean(x!, 1), [2, 1])),
      ];
    },
    [2, 3],
    [3, 4],
    [4],
    [2, 4],
  );
  const fused = addIntoProduct(graph);
  expect(kernels(fused).filter((kernel) => kernel === '_FusedMatMul')).toHaveLength(2);
  await expectSameNumbers(graph, fused);
});

test('add-into-product leaves a product that another kernel reads too', async () => {
  const graph = graphOf(
    (x, w, bias) => {
      const product = tf.matMul(x!, w!);
      return [tf.add(product, bias!), tf.neg(product)];
    },
    [2, 3],
    [3, 4],
    [4],
  );
  const kept = addIntoProduct(graph);
  expect(kernels(kept)).toEqual(kernels(graph));
  await expectSameNumbers(graph, kept);
});

const gatingUnit = (x: tf.Tensor, w: tf.Tensor, b: tf.Tensor, s: tf.Tensor, w2: tf.Tensor): tf.Tensor => {
  const hidden = gelu(dense(x, w as tf.Tensor2D, b as tf.Tensor1D));
  const [u, v] = tf.split(hidden, 2, -1);
  const ones = tf.ones([v!.shape.at(-1)!]) as tf.Tensor1D;
  const normed = layerNorm(v as tf.Tensor3D, ones, tf.zerosLike(ones), 1e-6);
  const gate = spatialProjection(normed, s as tf.Tensor2D, tf.ones([s.shape[0]!]) as tf.Tensor1D);
  return dense(tf.mul(u!, gate), w2 as tf.Tensor2D);
};
const gatingShapes = [[2, 5, 6], [6, 8], [8], [5, 5], [4, 3]];

test('split-columns computes the halves of a gating unit apart, forward and backward', async () => {
  const graph = graphOf(
    (...inputs) =>
      tf.grads(
        (...values: tf.Tensor[]) => tf.sum(tf.square(gatingUnit(...(values as Parameters<typeof gatingUnit>)))) as tf.Scalar,
      )(inputs),
    ...gatingShapes,
  );
  const prepared = addIntoProduct(foldTransposes(removeUnused(graph)));
  const cut = splitColumns(prepared);
  const splits = (graph: Graph) =>
    graph.nodes.filter(({ kernel }) => kernel === 'SplitV').map(({ inputs }) => graph.inputs.includes(inputs['x']!));
  expect(splits(prepared)).toEqual([false]);
  expect(splits(cut)).toEqual([true, true]); // only weights and bias are split
  const large = ({ shape }: { readonly shape: readonly number[] }) => shape.at(-1) === 8 && sizeOf(shape) > 8 * 6;
  expect(cut.nodes.flatMap(({ outputs }) => outputs.map((id) => cut.values[id]!)).filter(large)).toEqual([]);
  await expectSameNumbers(prepared, cut);
});

test('split-columns leaves a graph alone where a use needs the whole', async () => {
  const graph = graphOf(
    (...inputs) => {
      const hidden = gelu(dense(inputs[0]!, inputs[1] as tf.Tensor2D, inputs[2] as tf.Tensor1D));
      return [...tf.split(hidden, 2, -1), tf.softmax(hidden)];
    },
    [2, 5, 6],
    [6, 8],
    [8],
  );
  expect(splitColumns(graph)).toBe(graph);
});

test('split-columns leaves a product of values that would both be cut', async () => {
  const chain = (x: tf.Tensor, w: tf.Tensor) => {
    const first = tf.matMul(x, w);
    return [...tf.split(first, 2, 1), ...tf.split(tf.matMul(first, w), 2, 1)];
  };
  const square = (x: tf.Tensor, w: tf.Tensor) => {
    const first = tf.matMul(x, w);
    return [...tf.split(first, 2, 1), tf.matMul(tf.exp(first), tf.neg(first))];
  };
  for (const fn of [chain, square]) {
    const graph = graphOf(fn as never, [4, 4], [4, 4]);
    await expectSameNumbers(graph, splitColumns(graph));
  }
});

test('all passes together keep the numbers of a block and its gradients', async () => {
  const graph = graphOf(
    (...inputs) => {
      const loss = (...values: tf.Tensor[]) =>
        tf.sum(tf.square(gatingUnit(...(values as Parameters<typeof gatingUnit>)))) as tf.Scalar;
      const { value, grads } = tf.valueAndGrads(loss)(inputs);
      return [value, ...grads];
    },
    ...gatingShapes,
  );
  const optimised = optimise(graph);
  expect(optimised.nodes.length).toBeLessThan(graph.nodes.length);
  await expectSameNumbers(graph, optimised);
});

test('a pass is told who will run the graph, by default anyone', () => {
  const told: unknown[] = [];
  const pass: Pass = (graph, target) => {
    told.push(target);
    return graph;
  };
  const graph = graphOf((x) => tf.neg(x!), [2]);
  const cuda = { provider: 'cuda', precision: 'float32' } as const;
  optimise(graph, cuda, [pass, pass]);
  optimise(graph, undefined, [pass]);
  expect(told).toEqual([cuda, cuda, { provider: 'any', precision: 'float32' }]);
});

test('scatter-onto adds sums of rows to the table that they are added to, once', async () => {
  const sums = (updates: tf.Tensor): tf.Tensor => scatterAdd(tf.tensor1d([3, 0, 3, 3, 1], 'int32'), updates as tf.Tensor2D, 4);
  const graph = graphOf(
    (table, updates) => [tf.add(sums(updates!), tf.neg(table!)), tf.add(tf.neg(table!), sums(updates!))],
    [4, 6],
    [5, 6],
  );
  const added = scatterOnto(graph);
  expect(kernels(added).filter((kernel) => kernel !== 'Neg' && kernel !== 'Add')).toEqual(['GmlpScatterAdd', 'GmlpScatterAdd']);
  expect(added.nodes.filter(({ inputs }) => 'onto' in inputs).length).toBe(2);
  await expectSameNumbers(graph, added);

  const others = graphOf(
    (table, updates) => {
      const once = sums(updates!);
      return [tf.add(once, table!), once, tf.add(sums(updates!), tf.slice(table!, [0, 0], [1, 6]))];
    },
    [4, 6],
    [5, 6],
  );
  expect(scatterOnto(others).nodes.filter(({ inputs }) => 'onto' in inputs)).toEqual([]);
  await expectSameNumbers(others, optimise(others));
});
