import { type ImagePreprocessing, imagenetNormalisation, inceptionNormalisation } from '@gmlp/vision';
import { expect, it } from 'vitest';
import { completePreprocessing } from './image-input.ts';

const sizes = { imageSize: 8, classes: 2 };
const transform = { size: 8, cropFraction: 1, interpolation: 'bilinear', ...imagenetNormalisation } as const;
const named = (...names: readonly string[]) => names.map((name) => ({ id: name, name }));

it('takes what the files say, and what is usual where they say nothing', () => {
  const known: ImagePreprocessing = { transform, classes: named('cat', 'dog') };
  expect(completePreprocessing(known, undefined, sizes)).toEqual(known);
  const usual = { size: 8, cropFraction: 0.875, interpolation: 'bicubic', ...inceptionNormalisation };
  expect(completePreprocessing(undefined, undefined, sizes)).toEqual({
    transform: usual,
    classes: [
      { id: '0', name: 'class 0' },
      { id: '1', name: 'class 1' },
    ],
  });
});

it('names classes by labels.txt before anything else, and counts them', () => {
  const classes = (labels: string | undefined, ...names: readonly string[]) =>
    completePreprocessing({ transform, classes: named(...names) }, labels, sizes).classes;
  expect(classes('bird\r\nfish\n', 'cat', 'dog')).toEqual(named('bird', 'fish'));
  expect(classes(undefined).map(({ name }) => name)).toEqual(['class 0', 'class 1']);
  expect(() => classes('bird')).toThrow(/2 classes apart, but 1 names/);
  expect(() => completePreprocessing({ transform, classes: [] }, undefined, { ...sizes, imageSize: 16 })).toThrow(
    'images of 16 pixels, but its files make them of 8',
  );
});
