import { expect, test } from 'vitest';
import { imagenetNormalisation } from './normalised.ts';
import { formatPreprocessing, type ImagePreprocessing, parsePreprocessing } from './preprocessing.ts';

const whole: ImagePreprocessing = {
  classes: [
    { id: 'n01440764', name: 'tench, Tinca tinca' },
    { id: 'n01443537', name: 'goldfish' },
  ],
  transform: { size: 32, cropFraction: 0.875, interpolation: 'bicubic', ...imagenetNormalisation },
};

test('what was written comes back', () => {
  expect(parsePreprocessing(formatPreprocessing(whole))).toEqual(whole);
});

test.each<[string, unknown, string]>([
  ['nothing', null, 'it is null, expected an object'],
  ['a newer file', { formatVersion: 2 }, 'its formatVersion is 2, this version reads 1'],
  ['no classes', { classes: {} }, 'classes is {}, expected a list'],
  ['a class without a name', { classes: [{ id: 'a' }] }, 'class 0 is {"id":"a"}, expected an id and a name'],
  ['no transform', { transform: [] }, 'transform is [], expected an object'],
  ['half a pixel', { transform: { ...whole.transform, size: 1.5 } }, 'transform.size is 1.5, expected whole pixels'],
  ['no fraction', { transform: { ...whole.transform, cropFraction: 0 } }, 'cropFraction is 0, expected a number above 0'],
  ['another way to resize', { transform: { ...whole.transform, interpolation: 'lanczos' } }, 'interpolation is "lanczos"'],
  ['two channels', { transform: { ...whole.transform, mean: [0, 1] } }, 'mean is [0,1], expected a number for red'],
  ['a deviation of zero', { transform: { ...whole.transform, deviation: [1, 0, 1] } }, 'deviation is [1,0,1]'],
])('%s is refused', (_, change, message) => {
  const file: unknown = change === null ? null : { formatVersion: 1, ...whole, ...(change as object) };
  expect(() => parsePreprocessing(JSON.stringify(file))).toThrow(message);
});

test('text that is no JSON is refused', () => {
  expect(() => parsePreprocessing('{')).toThrow('it is no JSON');
});
