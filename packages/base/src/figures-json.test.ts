import fc from 'fast-check';
import { expect, test } from 'vitest';
import { figureFromJson, figuresToJson } from './figures-json.ts';

test('every number comes back from JSON', () => {
  fc.assert(
    fc.property(fc.double(), (value) => {
      const parsed = JSON.parse(figuresToJson({ step: 3, value })) as { step: number; value: unknown };
      expect(parsed.step).toBe(3);
      expect(figureFromJson(parsed.value)).toBe(value + 0); // JSON.stringify writes -0 as 0
    }),
  );
  expect(figuresToJson([1 / 0, -1 / 0, 0 / 0, 1, null, 'Infinity'])).toBe('["Infinity","-Infinity","NaN",1,null,"Infinity"]');
});

test('what is no figure is none', () => {
  for (const value of [null, undefined, 'many', '', '1', 'infinity', [1], {}, true])
    expect(figureFromJson(value)).toBeUndefined();
});
