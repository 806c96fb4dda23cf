import '@tensorflow/tfjs-backend-cpu';
import { type HostArray, hostArray, key, mapTree, pathName, randomNormal, sizeOf, split } from '@gmlp/base';
import { inference, initialValues, type Parameter, toNamed } from '@gmlp/layers';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { changeSequenceLength } from './change-sequence-length.ts';
import { createModel } from './create-model.ts';
import type { GmlpLanguageOptions, GmlpLanguageWeights } from './gmlp-language.ts';

beforeAll(() => tf.setBackend('cpu'));

const sizes = { family: 'gmlp-language', vocabulary: 11, channels: 4, hiddenChannels: 6, layers: 2 } as const;

/** Random numbers everywhere, scales around 1. */
function modelOf(options: GmlpLanguageOptions): GmlpLanguageWeights {
  const { config, module } = createModel(options);
  const params = mapTree<Parameter, HostArray, typeof module.spec>(module.spec, ({ shape, initialiser }, path) => {
    const shift = initialiser.kind === 'constant' && initialiser.value !== 0 ? 1 : 0;
    const values = randomNormal(split(key(3), pathName(path)), sizeOf(shape));
    return hostArray(
      'float32',
      shape,
      values.map((value) => 0.4 * value + shift),
    );
  });
  return { config, params };
}

function logits({ config, params }: GmlpLanguageWeights, ids: readonly number[]): number[] {
  return tf.tidy(() => {
    const { module } = createModel(config);
    const tensors = mapTree<HostArray, tf.Tensor, typeof params>(params, ({ data, shape }) => tf.tensor(data, [...shape]));
    const row = tf.tensor2d([ids.slice(0, config.tokens)], undefined, 'int32');
    return Array.from(module.apply(tensors as never, { ids: row }, inference).dataSync());
  });
}

const anyOptions = fc.record({
  tokens: fc.integer({ min: 1, max: 7 }),
  gate: fc.constantFrom('split', 'multiplicative', 'additive', 'linear'),
  spatialWeight: fc.constantFrom('toeplitz', 'dense'),
  attentionChannels: fc.constantFrom(0, 3),
  causal: fc.boolean(),
});
const anyLength = fc.integer({ min: 1, max: 9 });
const manyIds = fc.array(fc.nat(10), { minLength: 9, maxLength: 9 });
const once = { numRuns: 60, seed: 2105 } as const;

it('longer and back is the identity', () => {
  fc.assert(
    fc.property(anyOptions, fc.nat(5), (options, more) => {
      const model = modelOf({ ...sizes, ...options });
      expect(changeSequenceLength(changeSequenceLength(model, options.tokens + more), options.tokens)).toEqual(model);
    }),
    once,
  );
});

it('keeps the weight of each distance or pair of tokens and the bias of each token; new ones are 0 and 1', () => {
  fc.assert(
    fc.property(anyOptions, anyLength, (options, tokens) => {
      const model = modelOf({ ...sizes, ...options });
      const changed = changeSequenceLength(model, tokens);
      expect(changed.config).toEqual({ ...model.config, tokens });
      const [before, after] = [toNamed<HostArray>(model.params), toNamed<HostArray>(changed.params)];
      expect([...after.keys()]).toEqual([...before.keys()]);
      for (const [name, { data, shape }] of after) {
        const old = before.get(name)!;
        if (name.endsWith('spatial.bias')) {
          data.forEach((value, token) => void expect(value).toBe(token < options.tokens ? old.data[token] : 1));
        } else if (!name.endsWith('spatial.weight')) {
          expect(old).toBe(after.get(name));
        } else if (options.spatialWeight === 'toeplitz') {
          expect(shape).toEqual([2 * tokens - 1]);
          for (let k = 1 - tokens; k < tokens; k++) {
            const known = Math.abs(k) < options.tokens;
            expect(data[tokens - 1 + k]).toBe(known ? old.data[options.tokens - 1 + k] : 0);
          }
        } else {
          expect(shape).toEqual([tokens, tokens]);
          data.forEach((value, at) => {
            const [i, j] = [Math.floor(at / tokens), at % tokens];
            const known = Math.max(i, j) < options.tokens;
            expect(value).toBe(known ? old.data[i * options.tokens + j] : 0);
          });
        }
      }
    }),
    once,
  );
});

it('a causal model of another length gives the same outputs at the tokens that both have', () => {
  fc.assert(
    fc.property(anyOptions, anyLength, manyIds, (options, tokens, ids) => {
      const model = modelOf({ ...sizes, ...options, causal: true });
      const changed = logits(changeSequenceLength(model, tokens), ids);
      const shared = Math.min(tokens, options.tokens) * sizes.vocabulary;
      expect(changed.slice(0, shared)).toEqual(logits(model, ids).slice(0, shared));
    }),
    once,
  );
});

describe('a longer model that is not causal', () => {
  const model = (options: Partial<GmlpLanguageOptions>) => modelOf({ ...sizes, tokens: 4, ...options });
  const ids = [3, 1, 4, 1, 5, 9];
  const first = (values: number[]): number[] => values.slice(0, 4 * sizes.vocabulary);

  it.each(['split', 'multiplicative', 'additive', 'linear'] as const)(
    'gives the same outputs at the first tokens where W is dense: %s',
    (gate) => {
      const short = model({ gate, spatialWeight: 'dense' });
      expect(first(logits(changeSequenceLength(short, 6), ids))).toEqual(logits(short, ids));
    },
  );

  it.each([{ spatialWeight: 'toeplitz' }, { spatialWeight: 'dense', attentionChannels: 3 }] as const)(
    'lets the first tokens see the new ones: %j',
    (options) => {
      const short = model(options);
      expect(first(logits(changeSequenceLength(short, 6), ids))).not.toEqual(logits(short, ids));
    },
  );
});

it('refuses other families, lengths that are none and parameters of another model', () => {
  const model = modelOf({ ...sizes, tokens: 4 });
  for (const tokens of [0, -1, 2.5, Number.NaN]) {
    expect(() => changeSequenceLength(model, tokens)).toThrow(`expected tokens of at least 1, a whole number, got ${tokens}`);
  }
  const other = createModel({ ...sizes, family: 'mixer-language', tokens: 4, tokenHidden: 5 }) as unknown as GmlpLanguageWeights;
  expect(() => changeSequenceLength(other, 3)).toThrow(/a family of "gmlp-language", "bert", got "mixer-language"/);
  const shorter = { ...model, config: { ...model.config, tokens: 3 } };
  expect(() => changeSequenceLength(shorter, 5)).toThrow(
    /not this config's\n.*blocks\.0\.gate\.spatial\.weight is float32 \[7\], expected float32 \[5\]/,
  );
});

describe('a BERT', () => {
  const bertOf = (positions: 'absolute' | 'relative') => {
    const options = { family: 'bert', vocabulary: 11, tokens: 6, channels: 4, hiddenChannels: 6, layers: 2, heads: 2 } as const;
    const { config, module } = createModel({ ...options, positions });
    return { config, params: initialValues(module.spec, key(5)) };
  };
  const scores = ({ config, params }: ReturnType<typeof bertOf>, ids: readonly number[]): number[] =>
    tf.tidy(() => {
      const tensors = mapTree<HostArray, tf.Tensor, typeof params>(params, ({ data, shape }) => tf.tensor(data, [...shape]));
      const row = tf.tensor2d([[...ids]], undefined, 'int32');
      return Array.from(createModel(config).module.apply(tensors, { ids: row }, inference).dataSync());
    });

  it.each(['absolute', 'relative'] as const)('made shorter gives the same for what fits: %s positions', (positions) => {
    const model = bertOf(positions);
    const short = changeSequenceLength(model, 4);
    expect(short.config).toEqual({ ...model.config, tokens: 4 });
    expect(scores(short, [3, 1, 4, 1])).toEqual(scores(model, [3, 1, 4, 1]));
    expect(() => scores(short, [3, 1, 4, 1, 5])).toThrow('at most 4');
  });

  it('has no vectors for more places; where places have none it reads on', () => {
    expect(() => changeSequenceLength(bertOf('absolute'), 7)).toThrow('expected at most 6 tokens');
    const [model, long] = [bertOf('relative'), changeSequenceLength(bertOf('relative'), 9)];
    expect(scores(long, [3, 1, 4, 1, 5])).toEqual(scores(model, [3, 1, 4, 1, 5]));
    expect(scores(long, [3, 1, 4, 1, 5, 9, 2, 6, 5])).toHaveLength(9 * 11);
  });
});
