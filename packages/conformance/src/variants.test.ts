/**
 * One suite over every variant of the table and the heads for fine-tuning, in a shrunken copy: forward, gradients, saving, ONNX, leaks. Weights are random
 * ones, since those that models start with hide much (a gate that is the identity, a head of zeros).
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { flattenTree, type HostArray, hostArray, mapTree, pathName, sizeOf } from '@gmlp/base';
import { readModelDirectory, writeModelDirectory } from '@gmlp/checkpoint/node';
import { exportOnnx } from '@gmlp/compiler';
import { countParameters, inference, loadStrict, type Parameter } from '@gmlp/layers';
import {
  createModel,
  familyOf,
  findVariant,
  type ModelConfig,
  type ModelOptions,
  type OptionsOf,
  type Variant,
  variants,
} from '@gmlp/models';
import { expectClose } from '@gmlp/testing';
import * as tf from '@tensorflow/tfjs-core';
import ort from 'onnxruntime-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { device, ints, normal } from './on-every-device.ts';
import { shrunken } from './shrunken.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gmlp-variants-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Neither of the two that ONNX files are traced with, so that an open batch size is seen to be open. */
const batch = 5;

/** Scales away from zero, so that no part of a model is switched off. */
function randomParameters(spec: unknown): unknown {
  return mapTree<Parameter, HostArray, unknown>(spec, ({ shape, initialiser }, path) => {
    const values = normal(pathName(path), shape, 0.3);
    const scale = initialiser.kind === 'constant' && initialiser.value !== 0;
    return scale
      ? hostArray(
          'float32',
          shape,
          values.data.map((value) => value + 1),
        )
      : values;
  });
}

function randomInputs(config: ModelConfig): Record<string, HostArray> {
  return Object.fromEntries(
    Object.entries(familyOf(config).inputs(config)).map(([name, { dtype, shape: described, below }]) => {
      const shape = described.map((extent) => (extent === 'batch' ? batch : extent));
      const limit = below ?? ('vocabulary' in config ? config.vocabulary : 2);
      const ids = Array.from({ length: sizeOf(shape) }, (_, i) => (i * 7 + 1) % limit);
      return [name, dtype === 'int32' ? ints(shape, ids) : normal(name, shape)];
    }),
  );
}

const matches = (pattern: string, name: string): boolean =>
  new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('#', '\\d+')}$`).test(name);

/** Heads for fine-tuning, and bodies without a head, have no variants: here they stand on some. */
const bert = findVariant('bert_mlm_absolute');
const pairs = { ...(bert.config as OptionsOf<'bert'>), segments: 2 };
const amlp = findVariant('amlp_base').config as OptionsOf<'gmlp-language'>;
const { withoutGradient: unreached } = bert;
const heads: readonly (Omit<Variant, 'name' | 'config'> & { readonly name: string; readonly config: ModelOptions })[] = [
  {
    name: 'bert-classification',
    config: { family: 'sequence-classification', body: pairs, classes: 3 },
    withoutGradient: unreached!,
  },
  { name: 'bert-span', config: { family: 'extractive-span', body: pairs }, withoutGradient: unreached! },
  { name: 'bert-features', config: { family: 'text-features', body: pairs }, withoutGradient: unreached! },
  { name: 'amlp-classification', config: { family: 'sequence-classification', body: amlp, classes: 3 } },
  { name: 'amlp-span', config: { family: 'extractive-span', body: amlp } },
];

describe.each([...variants.map((variant: Variant) => ({ ...variant, name: variant.name })), ...heads])(
  '$name',
  ({ name, config: options, paper, withoutGradient = {} }) => {
    const { config } = createModel(shrunken(createModel(options).config)) as { config: ModelConfig };
    const family = familyOf(config);
    const { spec, apply } = family.forward(config);
    const params = randomParameters(spec);
    const inputs = randomInputs(config);
    const forward = (p: unknown, given: Record<string, tf.Tensor>): tf.Tensor => apply(p, given, inference);
    let logits: HostArray;

    it('has the parameters that the paper prints, and a config that survives JSON', () => {
      const whole = createModel(options) as { config: ModelConfig };
      const millions = countParameters(familyOf(whole.config).counted(whole.config).spec) / 1e6;
      // Some of its whole millions are rounded, some cut.
      if (paper) expect(Math.abs(millions - paper.parameters)).toBeLessThan(Math.max(1.2, 0.006 * paper.parameters));
      expect(createModel(JSON.parse(JSON.stringify(whole.config)) as ModelOptions).config).toEqual(whole.config);
    });

    it('gives scores of the right shape and leaves no tensor behind', async () => {
      const cpu = await device('tfjs-cpu');
      const before = tf.memory().numTensors;
      const given = cpu.put({ params, inputs }) as { params: unknown; inputs: Record<string, tf.Tensor> };
      const result = await cpu.compile(forward)(given.params, given.inputs);
      logits = await cpu.read(result);
      tf.dispose([given, result] as tf.TensorContainer);
      expect(tf.memory().numTensors).toBe(before);
      expect(logits.shape[0]).toBe(batch);
      expect(logits.data.every((value) => Number.isFinite(value))).toBe(true);
      expect(new Set(logits.data).size).toBeGreaterThan(logits.data.length / 2);
    });

    it('the gradient reaches every parameter but those that say why not', async () => {
      const cpu = await device('tfjs-cpu');
      const leaves = flattenTree<HostArray>(params);
      const direction = normal('direction', logits.shape);
      const gradients = cpu.compile((p: unknown, given: Record<string, tf.Tensor>, along: tf.Tensor) => {
        const tensors = flattenTree<tf.Tensor>(p).map(({ leaf }) => leaf);
        return tf.engine().gradients(() => tf.sum(tf.mul(forward(p, given), along)) as tf.Scalar, tensors).grads;
      });
      const given = cpu.put({ params, inputs, direction }) as unknown as {
        params: unknown;
        inputs: Record<string, tf.Tensor>;
        direction: tf.Tensor;
      };
      const result = await gradients(given.params, given.inputs, given.direction);
      const values = await cpu.read(result);
      tf.dispose([given, result] as tf.TensorContainer);
      const largest = Math.max(...values.map(({ data }) => magnitude(data)));
      const reached = leaves.map(({ path }, index) => [pathName(path), magnitude(values[index]!.data) > 1e-6 * largest] as const);
      const left = reached.filter(([, some]) => !some).map(([parameter]) => parameter);
      const expected = reached
        .map(([parameter]) => parameter)
        .filter((parameter) => Object.keys(withoutGradient).some((pattern) => matches(pattern, parameter)));
      expect(left).toEqual(expected);
    });

    it('comes back from a model directory as it was', async () => {
      const directory = join(folder, name);
      const tensors = new Map(flattenTree<HostArray>(params).map(({ path, leaf }) => [pathName(path), leaf]));
      await writeModelDirectory(directory, { config, tensors });
      const read = await readModelDirectory(directory);
      expect(createModel(read.config as ModelOptions).config).toEqual(config);
      expect(loadStrict(spec, read.tensors)).toEqual(params);
    });

    it('gives the same as an ONNX file', async () => {
      const named = (p: never, given: never) => ({ logits: forward(p, given) });
      const { model } = exportOnnx(named, { parameters: params, inputs: family.inputs(config) });
      const session = await ort.InferenceSession.create(model);
      const feeds = Object.fromEntries(
        Object.entries(inputs).map(([input, { dtype, data, shape }]) => [
          input,
          new ort.Tensor(dtype, data as Float32Array, [...shape]),
        ]),
      );
      const { logits: result } = await session.run(feeds);
      await session.release();
      expectClose(hostArray('float32', result!.dims, result!.data as Float32Array), logits);
    });
  },
);

const magnitude = (data: ArrayLike<number>): number =>
  Array.from(data).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
