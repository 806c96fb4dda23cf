import { countParameters } from '@gmlp/layers';
import { expect, it } from 'vitest';
import { createModel } from './create-model.ts';
import { familyNames } from './families.ts';
import { variantsOf } from './variants.ts';

const small = { family: 'gmlp-language', vocabulary: 11, tokens: 4, channels: 6, hiddenChannels: 8, layers: 2 } as const;

it('fills in the defaults', () => {
  expect(createModel(small).config).toEqual({
    ...small,
    gate: 'split',
    spatialWeight: 'toeplitz',
    causal: false,
    activation: 'erf',
    epsilon: 1e-6,
    survivalProbability: 1,
    attentionChannels: 0,
    attentionBias: true,
    head: { tied: true, transform: false, bias: true },
  });
});

it.each([
  [{ layers: 0 }, /config.layers: expected more than 0, got 0/],
  [{ channels: 1.5 }, /config.channels: expected a whole number, got 1.5/],
  [{ channels: '6' }, /config.channels: expected number, got "6"/],
  [{ vocabulary: undefined }, /config.vocabulary: expected number, got nothing/],
  [{ hiddenChannels: 7 }, /config.hiddenChannels: the split gate halves the channels/],
  [{ gate: 'attention' }, /config.gate: expected one of "split", .*, got "attention"/],
  [{ survivalProbability: 1.1 }, /config.survivalProbability: expected at most 1, got 1.1/],
  [{ dropout: 0.1 }, /config.dropout: unknown; remove it, or take one of family, vocabulary, tokens/],
  [{ head: { tide: true } }, /config.head.tide: unknown; did you mean "tied"\?/],
  [{ family: 'recurrent' }, /config.family must be one of "gmlp-language", .*, got "recurrent"/],
])('refuses %j', (change, message) => {
  expect(() => createModel({ ...small, ...change } as never)).toThrow(message);
});

it.each([
  ['NaN', { channels: Number.NaN }, /config.channels: expected number, got NaN/],
  ['a bigint', { layers: 10n }, /config.layers: expected number, got 10/],
  ['itself inside', { gate: circular() }, /config.gate: expected one of .*, got \[object Object\]/],
  ['more blocks than memory holds', { layers: 2 ** 40 }, /config.layers: expected at most/],
])('refuses %s', (_, change, message) => {
  expect(() => createModel({ ...small, ...change } as never)).toThrow(message);
  expect(() => createModel({ ...small, ...change } as never)).toThrow(expect.objectContaining({ code: 'invalid-config' }));
});

it('sizes that are too large together are refused with the numbers', () => {
  expect(() => createModel({ ...small, channels: 1e9 })).toThrow(
    /createModel: the sizes of the config make \S+ of shape \[.*1000000000.*\], \d+ numbers; an array holds at most 2147483647/,
  );
});

it('any size is taken or refused as an invalid config', () => {
  for (const family of familyNames) {
    const config = variantsOf(family)[0]?.config;
    for (const [name, value] of Object.entries(config ?? {})) {
      if (typeof value !== 'number') continue;
      for (const huge of [2 ** 31, 1e12, 2 ** 53 - 1]) {
        try {
          createModel({ ...config, [name]: huge } as never);
        } catch (error) {
          expect(error, `${family} ${name} ${huge}`).toMatchObject({ name: 'GmlpError', code: 'invalid-config' });
        }
      }
    }
  }
});

function circular(): object {
  const value: { self?: object } = {};
  value.self = value;
  return value;
}

it.each([null, 3, []])('refuses %j for a config', (value) => {
  expect(() => createModel(value as never)).toThrow(/config.family must be/);
});

it('the head’s parts come and go with its config', () => {
  const { vocabulary: v, channels: d } = small;
  const count = (head: object): number => countParameters(createModel({ ...small, head }).module.spec);
  const bare = count({ bias: false });
  expect(count({}) - bare).toBe(v);
  expect(count({ bias: false, tied: false }) - bare).toBe(d * v);
  expect(count({ bias: false, transform: true }) - bare).toBe(d * d + d + 2 * d);
});
