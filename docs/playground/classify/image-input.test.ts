import { expect, it } from 'vitest';
import { classNames, imageInput, normalisationOf } from './image-input.ts';

it('normalises each channel and leaves alpha out', () => {
  const pixels = Uint8ClampedArray.of(255, 0, 51, 255);
  const { shape, data } = imageInput(pixels, 1, { mean: [0.5, 0.5, 0.1], std: [0.5, 0.25, 1] });
  expect(shape).toEqual([1, 1, 1, 3]);
  expect([...data].map((value) => Number(value.toFixed(5)))).toEqual([1, -2, 0.1]);
});

it('takes what timm tells of a model, and what is usual where it tells nothing of use', () => {
  const usual = { mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] };
  expect(normalisationOf({ pretrained_cfg: { mean: [0.1, 0.2, 0.3], std: 'x' } })).toEqual({ ...usual, mean: [0.1, 0.2, 0.3] });
  for (const config of [null, [], { pretrained_cfg: null }, { pretrained_cfg: { mean: [1], std: [1, 2, null] } }]) {
    expect(normalisationOf(config)).toEqual(usual);
  }
});

it('names classes by labels.txt, by the config or by number', () => {
  const config = { pretrained_cfg: { label_names: ['cat', 'dog'] } };
  expect(classNames(config, undefined, 2)).toEqual(['cat', 'dog']);
  expect(classNames(config, 'bird\r\nfish\n', 2)).toEqual(['bird', 'fish']);
  expect(classNames({}, undefined, 2)).toEqual(['class 0', 'class 1']);
  expect(() => classNames({}, 'bird', 2)).toThrow(/2 classes apart, but 1 names/);
});
