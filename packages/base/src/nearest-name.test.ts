import fc from 'fast-check';
import { expect, it } from 'vitest';
import { editDistance, nearestName } from './nearest-name.ts';

it('counts edits', () => {
  expect(editDistance('kitten', 'sitting')).toBe(3);
  fc.assert(
    fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (a, b, c) => {
      expect(editDistance(a, a)).toBe(0);
      expect(editDistance(a, b)).toBe(editDistance(b, a));
      expect(editDistance(a, c)).toBeLessThanOrEqual(editDistance(a, b) + editDistance(b, c));
    }),
  );
});

it('suggests a name only when it may have been meant', () => {
  expect(nearestName('GMLP-base', ['gmlp_base', 'gmlp_large'])).toBe('gmlp_base');
  expect(nearestName('resnet50', ['gmlp_base', 'gmlp_large'])).toBeUndefined();
});
