import { describe, expect, it } from 'vitest';
import { createModel } from './create-model.ts';
import { findVariant, variants } from './variants.ts';

describe.each(variants)('$name', ({ name }) => {
  it('has a config that survives JSON', () => {
    const created = createModel(name);
    expect(createModel(JSON.parse(JSON.stringify(created.config))).config).toEqual(created.config);
  });
});

it('names are unique', () => {
  expect(new Set(variants.map(({ name }) => name)).size).toBe(variants.length);
});

it('a misspelt name suggests the nearest', () => {
  expect(() => findVariant('gmlp_bse')).toThrow(/no variant "gmlp_bse"; did you mean gmlp_base\?\n {2}known: gmlp_base, /);
  expect(() => findVariant('resnet50')).toThrow(/no variant "resnet50"\n/);
});
