import { key, leavesOf, randomNormal, randomWords, split } from '@gmlp/base';
import { inference, init } from '@gmlp/layers';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { createModel } from './create-model.ts';
import type { GmlpLanguageOptions } from './gmlp-language.ts';
import { checkTokenIds } from './token-ids.ts';

beforeAll(() => tf.setBackend('cpu'));
// Files of a project share a process: what another one left behind is not this one's.
let tensors: number;
beforeEach(() => {
  tensors = tf.memory().numTensors;
});
afterEach(() => expect(tf.memory().numTensors).toBe(tensors)); // nothing leaks

const config: GmlpLanguageOptions = {
  family: 'gmlp-language',
  vocabulary: 11,
  tokens: 5,
  channels: 6,
  hiddenChannels: 8,
  layers: 2,
};
const randomIds = (batch: number, tokens = 5): tf.Tensor =>
  tf.tensor2d(
    Int32Array.from(randomWords(key(9), batch * tokens), (word) => word % 11),
    [batch, tokens],
    'int32',
  );
/** Random everywhere: at initialisation the tokens would hardly see each other. */
const randomised = <P>(params: P): P => {
  const visit = (node: unknown, name: string): unknown => {
    if (node instanceof tf.Tensor) return tf.tensor(randomNormal(split(key(2), name), node.size), node.shape);
    const entries = Object.entries(node as object).map(([field, child]) => [field, visit(child, `${name}.${field}`)] as const);
    return Array.isArray(node) ? entries.map(([, child]) => child) : Object.fromEntries(entries);
  };
  return visit(params, '') as P;
};

it.each([
  { tied: true, transform: false, bias: true },
  { tied: true, transform: true, bias: false },
  { tied: false, transform: false, bias: true },
  { tied: false, transform: true, bias: false },
])('gives the same logits at chosen positions as at all, with head %j', (head) => {
  tf.tidy(() => {
    const { module } = createModel({ ...config, head });
    const params = randomised(init(module.spec, key(0)));
    const ids = randomIds(3);
    const positions = tf.tensor2d(
      [
        [0, 4],
        [1, 1],
        [3, 2],
      ],
      [3, 2],
      'int32',
    );
    const everywhere = module.apply(params, { ids }, inference).arraySync() as number[][][];
    const chosen = module.apply(params, { ids, positions }, inference);
    expect(chosen.shape).toEqual([3, 2, 11]);
    const expected = (positions.arraySync() as number[][]).map((row, b) => row.map((position) => everywhere[b]![position]!));
    const flat = chosen.dataSync();
    expected.flat(2).forEach((value, i) => void expect(flat[i]).toBeCloseTo(value, 4));
  });
});

it('every parameter gets a gradient', () => {
  tf.tidy(() => {
    const { module } = createModel({ ...config, head: { tied: true, transform: true, bias: true } });
    const params = randomised(init(module.spec, key(0)));
    const ids = randomIds(4);
    const names = leavesOf<tf.Tensor>(params).map((tensor) => tf.variable(tensor));
    let next = 0;
    const swap = (node: unknown): unknown => {
      if (node instanceof tf.Tensor) return names[next++];
      const entries = Object.entries(node as object).map(([field, child]) => [field, swap(child)] as const);
      return Array.isArray(node) ? entries.map(([, child]) => child) : Object.fromEntries(entries);
    };
    const learned = swap(params) as typeof params;
    const { grads } = tf.variableGrads(() => tf.sum(tf.square(module.apply(learned, { ids }, inference))) as tf.Scalar, names);
    for (const variable of names) {
      expect(grads[variable.name]!.dataSync().some((value) => value !== 0)).toBe(true);
      variable.dispose();
    }
  });
});

it('a causal model never sees the future, another one does', () => {
  tf.tidy(() => {
    for (const causal of [true, false]) {
      const { module } = createModel({ ...config, causal });
      const params = randomised(init(module.spec, key(0)));
      const ids = [3, 1, 4, 1, 5];
      const logits = (values: number[]): number[][] =>
        (module.apply(params, { ids: tf.tensor2d([values], [1, 5], 'int32') }, inference).arraySync() as number[][][])[0]!;
      const before = logits(ids);
      const after = logits([...ids.slice(0, 4), 9]);
      expect(after[4]).not.toEqual(before[4]);
      if (causal) expect(after.slice(0, 4)).toEqual(before.slice(0, 4));
      else expect(after[0]).not.toEqual(before[0]);
    }
  });
});

it('a sequence of another length names both lengths and says what to do', () => {
  tf.tidy(() => {
    const { module } = createModel(config);
    const params = init(module.spec, key(0));
    expect(() => module.apply(params, { ids: randomIds(2, 4) }, inference)).toThrow(
      'gmlpLanguage: expected ids in sequences of 5 tokens, got 4; pad or cut them to 5, or create the model with tokens: 4',
    );
    expect(() => module.apply(params, { ids: tf.zeros([2, 5]) }, inference)).toThrow(
      /expected ids int32 \[batch, 5\], got float32 \[2, 5\]/,
    );
  });
});

it('stochastic depth differs from step to step and between layers, and one key gives one result', () => {
  tf.tidy(() => {
    const { module } = createModel({ ...config, survivalProbability: 0.5 });
    const params = randomised(init(module.spec, key(0)));
    const ids = randomIds(16);
    const run = (step: number): tf.TypedArray =>
      module.apply(params, { ids }, { training: true, key: split(key(1), step) }).dataSync();
    expect(run(0)).toEqual(run(0));
    expect(run(0)).not.toEqual(run(1));
  });
});

it('ids outside the vocabulary are refused on the host', () => {
  const ids = (...values: number[]) => ({ dtype: 'int32', shape: [values.length], data: Int32Array.from(values) }) as const;
  expect(() => checkTokenIds(ids(0, 10), 11)).not.toThrow();
  expect(() => checkTokenIds(ids(0, 11), 11)).toThrow(
    /expected ids from 0 to 10, got 11 at element 1; were the tokens made with this model’s tokenizer/,
  );
  expect(() => checkTokenIds(ids(-1), 11)).toThrow(/expected ids from 0 to 10, got -1 at element 0/);
});
