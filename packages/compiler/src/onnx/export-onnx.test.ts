import '@tensorflow/tfjs-backend-cpu';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type HostArray, hostArray, key, mapTree, randomNormal, split } from '@gmlp/base';
import { dense, dropout, gelu, layerNorm, spatialProjection } from '@gmlp/ops';
import * as tf from '@tensorflow/tfjs-core';
import ort from 'onnxruntime-node';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { exportOnnx } from './export-onnx.ts';

let folder: string;
beforeAll(async () => {
  await tf.setBackend('cpu');
  folder = await mkdtemp(join(tmpdir(), 'gmlp-onnx-'));
});
afterAll(() => rm(folder, { recursive: true }));

const [tokens, channels] = [5, 32];
const normal = (name: string, ...shape: number[]): HostArray =>
  hostArray(
    'float32',
    shape,
    randomNormal(
      split(key(1), name),
      shape.reduce((a, b) => a * b, 1),
    ),
  );
const parameters = {
  norm: { scale: normal('scale', channels), offset: normal('offset', channels) },
  expand: [{ weight: normal('weight', channels, 64), bias: normal('bias', 64) }],
  spatial: { weight: normal('spatial', tokens, tokens), bias: normal('spatial bias', tokens) },
  unused: normal('unused', 3),
};
type Tensors = {
  norm: { scale: tf.Tensor1D; offset: tf.Tensor1D };
  expand: [{ weight: tf.Tensor2D; bias: tf.Tensor1D }];
  spatial: { weight: tf.Tensor2D; bias: tf.Tensor1D };
};

function apply(p: Tensors, { x }: { x: tf.Tensor3D }) {
  const hidden = gelu(dense(layerNorm(x, p.norm.scale, p.norm.offset, 1e-6), p.expand[0].weight, p.expand[0].bias));
  const mixed = spatialProjection(hidden as tf.Tensor3D, p.spatial.weight, p.spatial.bias);
  return { mixed, pooled: tf.mean(mixed, 1) as tf.Tensor };
}
const inputs = { x: { dtype: 'float32', shape: ['batch', tokens, channels] } } as const;

async function run(model: string | Uint8Array, x: HostArray): Promise<Record<string, HostArray>> {
  const session = await ort.InferenceSession.create(model as string);
  const results = await session.run({ x: new ort.Tensor('float32', x.data as Float32Array, [...x.shape]) });
  await session.release();
  return Object.fromEntries(
    Object.entries(results).map(([name, { dims, data }]) => [name, hostArray('float32', dims as number[], data as Float32Array)]),
  );
}

async function expectAsEager(model: string | Uint8Array): Promise<void> {
  for (const batch of [1, 2, 3, 7]) {
    const x = normal(`x${batch}`, batch, tokens, channels);
    const tensor = ({ data, shape }: HostArray) => tf.tensor(data as Float32Array, [...shape]);
    const tensors = mapTree<HostArray, tf.Tensor, typeof parameters>(parameters, tensor) as unknown as Tensors;
    const expected = apply(tensors, { x: tensor(x) as tf.Tensor3D });
    const actual = await run(model, x);
    expect(Object.keys(actual)).toEqual(['mixed', 'pooled']);
    for (const name of ['mixed', 'pooled'] as const) {
      expect(actual[name]!.shape).toEqual(expected[name].shape);
      const values = expected[name].dataSync() as Float32Array;
      const largest = values.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
      for (const [i, value] of values.entries()) expect(Math.abs(value - actual[name]!.data[i]!) / largest).toBeLessThan(1e-5);
    }
  }
}

it('runs elsewhere for every batch size, with parameters by their names and none that nothing reads', async () => {
  const { model, external } = exportOnnx(apply as never, { parameters, inputs });
  expect(external).toEqual([]);
  const text = new TextDecoder('latin1').decode(model);
  for (const name of ['norm.scale', 'expand.0.weight', 'spatial.bias', 'batch']) expect(text).toContain(name);
  expect(text).not.toContain('unused');
  await expectAsEager(model);
});

it('keeps large parameters in a file beside it', async () => {
  const { model, external } = exportOnnx(apply as never, {
    parameters,
    inputs,
    externalAbove: 1000,
    externalName: 'weights.data',
  });
  expect(external.map(({ length }) => length)).toEqual([0, 4 * channels * 64]); // expand.0.weight; smaller ones stay inside
  await writeFile(join(folder, 'model.onnx'), model);
  await writeFile(join(folder, 'weights.data'), Buffer.concat(external));
  await expectAsEager(join(folder, 'model.onnx'));
});

it('a function that needs the batch size is refused, unless the size is fixed', async () => {
  const counts = (_: unknown, { x }: { x: tf.Tensor3D }) => ({ y: tf.mul(x, x.shape[0]) });
  expect(() => exportOnnx(counts as never, { parameters: {}, inputs })).toThrow(/depends on the size of batch \(operator Mul/);
  const { model } = exportOnnx(counts as never, {
    parameters: {},
    inputs: { x: { dtype: 'float32', shape: [4, 1] } },
  });
  const { y } = await run(model, hostArray('float32', [4, 1], Float32Array.of(1, 2, 3, 4)));
  expect([...y!.data]).toEqual([4, 8, 12, 16]);
});

it('what is one number everywhere may be as long as the batch', async () => {
  const first = (p: { token: tf.Tensor }, { x }: { x: tf.Tensor3D }) => ({
    y: tf.concat([tf.add(tf.zeros([x.shape[0], 1, channels]), p.token), x], 1),
    ones: tf.mul(tf.fill([channels, x.shape[0] * 2], 7), 2),
  });
  const token = normal('token', channels);
  const { model } = exportOnnx(first as never, { parameters: { token }, inputs });
  const x = normal('x', 4, tokens, channels);
  const { y, ones } = await run(model, x);
  expect(y!.shape).toEqual([4, tokens + 1, channels]);
  expect([...y!.data.slice(0, channels)]).toEqual([...token.data]);
  expect({ shape: ones!.shape, all: new Set(ones!.data) }).toEqual({ shape: [channels, 8], all: new Set([14]) });
});

it('extents with other names are open as well, and inputs may come as int64', async () => {
  const heads = 4;
  type Named = { readonly ids: tf.Tensor2D; readonly table: tf.Tensor2D };
  // What attention does with its channels; the first rows of a table, and a row of zeros for each sample.
  const split = (p: { table: tf.Tensor2D }, { ids }: Pick<Named, 'ids'>) => {
    const [batch, length] = ids.shape;
    const looked = tf.reshape(tf.gather(p.table, tf.reshape(ids, [ids.size])), [batch, length, channels]);
    const placed = tf.add(looked, tf.slice(p.table, [0, 0], [length, channels]));
    const cut = tf.transpose(tf.reshape(placed, [batch, length, heads, channels / heads]), [0, 2, 1, 3]);
    return { scores: tf.matMul(cut, cut, false, true), all: tf.add(tf.zeros([batch, length, channels]), placed) };
  };
  const table = normal('table', 40, channels);
  const { model } = exportOnnx(split as never, {
    parameters: { table },
    inputs: { ids: { dtype: 'int32', shape: ['batch', 'tokens'], given: 'int64' } },
  });
  const session = await ort.InferenceSession.create(model);
  for (const [batch, length] of [
    [1, 1],
    [2, 5],
    [3, 7],
    [5, 3],
    [1, 40],
  ] as const) {
    const ids = Array.from({ length: batch * length }, (_, i) => (i * 7) % 40);
    const given = new ort.Tensor('int64', BigInt64Array.from(ids, BigInt), [batch, length]);
    const results = await session.run({ ids: given });
    const expected = split(
      { table: tf.tensor2d(table.data as Float32Array, [40, channels]) },
      { ids: tf.tensor2d(ids, [batch, length], 'int32') },
    );
    for (const name of ['scores', 'all'] as const) {
      expect(results[name]!.dims).toEqual(expected[name].shape);
      const values = expected[name].dataSync();
      for (const [i, value] of values.entries()) expect((results[name]!.data as Float32Array)[i]).toBeCloseTo(value, 3);
    }
  }
  await session.release();
  const further = (_: unknown, { ids }: Pick<Named, 'ids'>) => ({ y: tf.slice(table40, [0], [ids.shape[1] + 1]) });
  const table40 = tf.ones([40]);
  expect(() =>
    exportOnnx(further as never, { parameters: {}, inputs: { ids: { dtype: 'int32', shape: ['batch', 'tokens'] } } }),
  ).toThrow(/depends on the size of batch or tokens/);
});

it('a function that draws at random is refused', () => {
  const random = (_: unknown, { x }: { x: tf.Tensor3D }) => ({ y: dropout(x, 0.5, key(0)) });
  expect(() => exportOnnx(random as never, { parameters: {}, inputs })).toThrow(/draws at random/);
});
