/**
 * Every WGSL kernel against the composition on TF.js's cpu backend, values and gradients, at sizes that fill no workgroup and
 * at sizes that need several. Needs WebGPU in Node: a GPU, or Chromium's SwiftShader
 * (tooling/swiftshader.ts).
 */
import type { HostArray } from '@gmlp/base';
import { expectAllClose, expectClose } from '@gmlp/testing';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AdamWState, adamw } from '../adamw.ts';
import { dense } from '../dense.ts';
import { ints, normal, toTensor } from '../each-backend.ts';
import { gelu } from '../gelu.ts';
import { layerNorm } from '../layer-norm.ts';
import { scatterAdd } from '../scatter-add.ts';
import { softmaxCrossEntropy } from '../softmax-cross-entropy.ts';
import { spatialGate } from '../spatial-gate.ts';
import { registerWebgpuKernels } from './index.ts';
import { startWebgpu } from './start-webgpu.ts';

const missing = await startWebgpu();

let dispatches = 0;
/** Names of TF.js's programs that ran. */
const programs: string[] = [];
let unregister: () => void;

beforeAll(async () => {
  if (missing) return;
  unregister = registerWebgpuKernels();
  const backend = tf.findBackend('webgpu') as unknown as { recordAndSubmit(...args: unknown[]): void };
  const record = backend.recordAndSubmit.bind(backend);
  backend.recordAndSubmit = (...args) => {
    dispatches++;
    programs.push((args[0] as object).constructor.name);
    record(...args);
  };
});
afterAll(() => unregister?.());

type Op = (...inputs: Tensor[]) => Tensor;

/** The value of `op` and its gradients under a fixed direction, on one backend. */
async function evaluate(backend: string, op: Op, inputs: readonly HostArray[]): Promise<HostArray[]> {
  await tf.setBackend(backend);
  const before = tf.memory().numTensors;
  const results = tf.tidy(() => {
    const tensors = inputs.map(toTensor);
    const floats = tensors.filter(({ dtype }) => dtype === 'float32');
    const direction = (shape: readonly number[]): Tensor => toTensor(normal('direction', shape));
    const loss = (...given: Tensor[]): Scalar => {
      const y = op(...tensors.map((tensor) => given[floats.indexOf(tensor)] ?? tensor));
      return tf.sum(tf.mul(y, direction(y.shape))) as Scalar;
    };
    return [op(...tensors), ...tf.grads(loss)(floats)];
  });
  const values = await Promise.all(
    results.map(async (tensor) => ({ dtype: 'float32', shape: tensor.shape, data: await tensor.data() }) as HostArray),
  );
  tf.dispose(results);
  expect(tf.memory().numTensors).toBe(before);
  return values;
}

const named = (arrays: readonly HostArray[]): Map<string, HostArray> =>
  new Map(arrays.map((array, index) => [`${index}`, array]));

async function expectSame(op: Op, inputs: readonly HostArray[]): Promise<void> {
  const expected = await evaluate('cpu', op, inputs);
  const actual = await evaluate('webgpu', op, inputs);
  expectAllClose(named(actual.slice(0, 1)), named(expected.slice(0, 1)), { tolerance: 1e-5 });
  expectAllClose(named(actual.slice(1)), named(expected.slice(1)), { tolerance: 1e-4 });
}

describe.skipIf(missing)(missing ? `WGSL kernels (skipped: ${missing})` : 'WGSL kernels', () => {
  it.each([[[3, 5, 7]], [[2, 3, 130]], [[1, 16]]])('layer norm %j', async (shape) => {
    const channels = shape.at(-1)!;
    const norm: Op = (x, scale, offset) => layerNorm(x, scale as tf.Tensor1D, offset as tf.Tensor1D, 1e-5);
    await expectSame(norm, [normal('x', shape, 3), normal('scale', [channels]), normal('offset', [channels])]);
  });

  it.each(['erf', 'tanh'] as const)('gelu, %s', async (form) => {
    const far = { ...normal('x', [2, 333], 4) };
    await expectSame((x) => gelu(x, form), [far]);
  });

  it.each([
    [1, 4, 5, false],
    [3, 19, 21, false],
    [2, 33, 16, true],
    [2, 16, 40, true],
  ])('spatial gate, %i samples of %i tokens, %i channels, causal %s', async (batch, tokens, channels, causal) => {
    const gate = ((u: tf.Tensor3D, v: tf.Tensor3D, weight: tf.Tensor2D, bias: tf.Tensor1D) =>
      spatialGate(u, v, weight, bias, { causal })) as Op;
    const shape = [batch, tokens, channels];
    await expectSame(gate, [normal('u', shape), normal('v', shape), normal('w', [tokens, tokens]), normal('b', [tokens])]);
  });

  it.each([true, false])('dense, with a bias: %s', async (withBias) => {
    const map = ((x: Tensor, weight: tf.Tensor2D, bias?: tf.Tensor1D) => dense(x, weight, bias)) as Op;
    await expectSame(map, [normal('x', [2, 9, 6]), normal('w', [6, 37]), ...(withBias ? [normal('b', [37])] : [])]);
  });

  it.each([0, 0.1])('softmax cross-entropy, label smoothing %d', async (labelSmoothing) => {
    const labels = ints([2, 3], [4, -100, 0, 129, 7, -100]);
    const loss: Op = (logits) => softmaxCrossEntropy(logits, toTensor(labels), { labelSmoothing }).sum;
    await expectSame(loss, [normal('logits', [2, 3, 130], 5)]);
  });

  it.each([
    [1, 1, 1],
    [70, 9, 5],
    [3000, 40, 3],
  ])('sums of %i rows by index, to %i rows of %i channels', async (count, rows, channels) => {
    const ids = ints(
      [count],
      Array.from({ length: count }, (_, k) => (k % 4 === 0 ? (k * 7) % rows : k % Math.min(3, rows))),
    );
    const add: Op = (indices, updates) => scatterAdd(indices as tf.Tensor1D, updates as tf.Tensor2D, rows);
    const value = async (backend: string): Promise<HostArray> => {
      await tf.setBackend(backend);
      const given = [toTensor(ids), toTensor(normal('updates', [count, channels]))] as const;
      const before = tf.memory().numDataBuffers;
      const sums = add(...given);
      const data = await sums.data();
      expect(tf.memory().numDataBuffers - before).toBe(1);
      tf.dispose([sums, ...given]);
      return { dtype: 'float32', shape: [rows, channels], data } as HostArray;
    };
    expectClose(await value('webgpu'), await value('cpu'));
  });

  it('a product with a long inner axis and a small result is summed in one order, and right', async () => {
    const [x, y] = [normal('x', [4096, 24]), normal('y', [4096, 31])];
    const product: Op = (a, b) => tf.matMul(a as tf.Tensor2D, b as tf.Tensor2D, true);
    await expectSame(product, [x, y]);
    expect(programs).not.toContain('MatMulSplitKProgram');
    expect(programs).toContain('MatMulSmallOutputSizeProgram');
  });

  it('AdamW, twenty steps, one dispatch a tensor', async () => {
    const shapes = { weight: [17, 31], bias: [3] } as const;
    const options = { beta1: 0.9, beta2: 0.98, epsilon: 1e-6, weightDecay: 0.05 };
    const run = async (backend: string): Promise<HostArray[]> => {
      await tf.setBackend(backend);
      const before = tf.memory().numTensors;
      tf.engine().startScope();
      let params = { weight: toTensor(normal('weight', shapes.weight)), bias: toTensor(normal('bias', shapes.bias)) };
      let state: AdamWState<typeof params> = {
        step: tf.scalar(0),
        mean: { weight: tf.zeros([...shapes.weight]), bias: tf.zeros([...shapes.bias]) },
        variance: { weight: tf.zeros([...shapes.weight]), bias: tf.zeros([...shapes.bias]) },
      };
      for (let step = 0; step < 20; step++) {
        const gradients = {
          weight: toTensor(normal(`weight ${step}`, shapes.weight)),
          bias: toTensor(normal(`bias ${step}`, shapes.bias)),
        };
        const start = dispatches;
        ({ params, state } = adamw(params, state, gradients, tf.scalar(0.01), options));
        if (backend === 'webgpu') expect(dispatches - start).toBeLessThanOrEqual(2 + 3); // a tensor each; the step, the clock
      }
      const leaves = [params.weight, params.bias, state.mean.weight, state.variance.weight];
      const values = await Promise.all(
        leaves.map(async (leaf) => ({ dtype: 'float32', shape: leaf.shape, data: await leaf.data() }) as HostArray),
      );
      tf.engine().endScope();
      expect(tf.memory().numTensors).toBe(before);
      return values;
    };
    const expected = await run('cpu');
    expectAllClose(named(await run('webgpu')), named(expected), { tolerance: 1e-5 });
  });

  it('more workgroups than WebGPU takes in a row', async () => {
    const norm: Op = (x, scale, offset) => layerNorm(x, scale as tf.Tensor1D, offset as tf.Tensor1D, 1e-5);
    await expectSame(norm, [normal('x', [65_537, 1]), normal('scale', [1]), normal('offset', [1])]);
  }, 240_000);

  it('registers each kernel once, and takes back what it registered', () => {
    const again = registerWebgpuKernels();
    again(); // had nothing to register, so takes nothing back
    expect(tf.getKernel('GmlpGelu', 'webgpu')).toBeDefined();
  });
});
