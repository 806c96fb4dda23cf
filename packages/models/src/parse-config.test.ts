import fc from 'fast-check';
import { expect, it } from 'vitest';
import * as z from 'zod/mini';
import { checkConfig } from './parse-config.ts';

const schema = z.strictObject({
  layers: z.int().check(z.positive()),
  shape: z.optional(z.tuple([z.number(), z.number()])),
  head: z._default(z.strictObject({ tied: z.boolean() }), { tied: true }),
});

it('names all problems with their paths, and the nearest name for one that is unknown', () => {
  const checked = checkConfig(schema, { layers: 0, layres: 1, shape: [1], head: { tide: 1, tied: 2, colour: 3 } });
  expect(checked).toEqual({
    ok: false,
    problems: [
      { path: ['layers'], problem: 'expected more than 0, got 0' },
      { path: ['shape'], problem: 'expected at least 2 items, got [1]' },
      { path: ['head', 'tied'], problem: 'expected boolean, got 2' },
      { path: ['head', 'tide'], problem: 'unknown; did you mean "tied"?' },
      { path: ['head', 'colour'], problem: 'unknown; remove it, or take one of tied' },
      { path: ['layres'], problem: 'unknown; did you mean "layers"?' },
    ],
  });
});

it('takes or refuses any value, with a reason and without an accident', () => {
  const nearly = fc.record(
    { layers: fc.oneof(fc.nat(), fc.anything()), head: fc.anything(), ['sha\npe']: fc.anything() },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.oneof(nearly, fc.anything({ withBigInt: true, withNullPrototype: true })), (value) => {
      const checked = checkConfig(schema, value);
      if (checked.ok) expect(checkConfig(schema, checked.config)).toEqual(checked);
      else for (const { problem } of checked.problems) expect(problem).toMatch(/^(expected|unknown)/);
    }),
  );
});
