import { key } from '@gmlp/base';
import { expect, test } from 'vitest';
import { goldenCases } from '../node/golden-pictures.ts';
import { inceptionNormalisation } from './normalised.ts';
import { type TrainingTransform, trainingTransform } from './training-transform.ts';

const { input } = goldenCases[0]!;
const paper: TrainingTransform = {
  size: 16,
  interpolation: 'bicubic',
  ...inceptionNormalisation,
  crop: { kind: 'resized' },
  flip: 'random',
  policy: 'original',
  colorJitter: 0.3,
  erasing: { probability: 0.25 },
};
const text = (values: Float32Array): string => values.join();
const sample = (place: number, epoch = 0, index = 3) => ({ index, epoch, place });

test('key and number of the sample decide everything; another place or epoch gives another picture', () => {
  const apply = trainingTransform(paper);
  const first = text(apply(input, sample(5), key(1)));
  expect(text(trainingTransform(paper)(input, sample(5), key(1)))).toBe(first);
  const others = [apply(input, sample(6), key(1)), apply(input, sample(5, 1), key(1)), apply(input, sample(5), key(2))];
  expect(new Set([first, ...others.map(text)]).size).toBe(4);
  expect(apply(input, sample(0), key(1)).length).toBe(16 * 16 * 3);
});

test('an alternating flip is the other one in the next epoch; a random one is about half', () => {
  const plain = {
    ...paper,
    crop: { kind: 'padded', padding: 0 },
    policy: undefined,
    colorJitter: 0,
    erasing: undefined,
  } as const;
  const alternating = trainingTransform({ ...plain, flip: 'alternating' });
  const straight = text(trainingTransform({ ...plain, flip: 'none' })(input, sample(0), key(1)));
  const isStraight = (apply: typeof alternating, place: number, epoch: number, index: number): boolean =>
    text(apply(input, { place, epoch, index }, key(1))) === straight;
  const first = Array.from({ length: 100 }, (_, index) => isStraight(alternating, 7, 0, index));
  expect(Array.from({ length: 100 }, (_, index) => isStraight(alternating, 9, 1, index))).toEqual(first.map((each) => !each));
  expect(Array.from({ length: 100 }, (_, index) => isStraight(alternating, 11, 2, index))).toEqual(first);
  const random = trainingTransform(plain);
  for (const flips of [first, Array.from({ length: 100 }, (_, place) => isStraight(random, place, 0, 0))]) {
    expect(Math.abs(flips.filter(Boolean).length - 50)).toBeLessThan(25);
  }
});

test('a padded crop moves the picture by whole pixels over black', () => {
  const plain = {
    ...paper,
    size: 8,
    crop: { kind: 'padded', padding: 2 },
    flip: 'none',
    policy: undefined,
    colorJitter: 0,
    erasing: undefined,
  } as const;
  const apply = trainingTransform(plain);
  const seen = new Set(Array.from({ length: 300 }, (_, place) => text(apply(input, sample(place), key(1)))));
  expect(seen.size).toBe(25);
});

test('a policy that is none is refused before there is a picture', () => {
  expect(() => trainingTransform({ ...paper, policy: 'rand-x' })).toThrow('"rand-x"');
  expect(() => trainingTransform({ ...paper, size: 0 })).toThrow('expected a size in whole pixels, got 0');
});
