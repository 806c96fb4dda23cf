import { countParameters } from '@gmlp/layers';
import { expect, it } from 'vitest';
import { toyLanguageFamily } from './toy-language.ts';

it('a family that only tests use has a model, facts and inputs like the others', () => {
  const config = toyLanguageFamily.schema.parse({
    ...{ family: 'toy-language', vocabulary: 11, tokens: 6, channels: 4, hiddenChannels: 8, layers: 2 },
  });
  const { spec } = toyLanguageFamily.create(config);
  const block = 4 * 8 + 8 + (8 * 4 + 4);
  const head = countParameters(spec.head);
  expect(countParameters(spec)).toBe(11 * 4 + 2 * block + 2 * 4 + head);
  expect(toyLanguageFamily.facts(config)).toMatchObject({ layers: 2, tokens: 6, causal: false });
  expect(Object.keys(toyLanguageFamily.inputs(config))).toEqual(['ids']);
});
