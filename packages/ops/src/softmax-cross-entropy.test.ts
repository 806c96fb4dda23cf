import type { HostArray } from '@gmlp/base';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { expectGradients, ints, normal, onEachBackend, toTensor } from './each-backend.ts';
import { type CrossEntropyOptions, softmaxCrossEntropy } from './softmax-cross-entropy.ts';

/** The definition, in float64: against the smoothed distribution, -sum q log p. */
function reference(logits: HostArray, labels: HostArray, { ignoredLabel = -100, labelSmoothing = 0 }: CrossEntropyOptions) {
  const classes = logits.shape.at(-1)!;
  let [sum, count] = [0, 0];
  labels.data.forEach((label, row) => {
    if (label === ignoredLabel) return;
    const z = Array.from(logits.data.subarray(row * classes, (row + 1) * classes));
    const largest = Math.max(...z);
    const logNormaliser = largest + Math.log(z.reduce((total, value) => total + Math.exp(value - largest), 0));
    z.forEach((value, k) => {
      sum -= (labelSmoothing / classes + (k === label ? 1 - labelSmoothing : 0)) * (value - logNormaliser);
    });
    count += 1;
  });
  return { sum, count };
}

const cases: [string, HostArray, HostArray, CrossEntropyOptions][] = [
  ['plain', normal('z', [4, 5], 2), ints([4], [0, 4, 2, 2]), {}],
  ['ignored labels', normal('z', [2, 3, 4], 2), ints([2, 3], [1, -100, 3, -100, -100, 0]), {}],
  ['smoothed', normal('z', [4, 5], 2), ints([4], [0, -100, 2, 2]), { labelSmoothing: 0.1 }],
  [
    'an ignored label inside the classes',
    normal('z', [4, 5], 2),
    ints([4], [0, 3, 2, 3]),
    { ignoredLabel: 3, labelSmoothing: 0.2 },
  ],
  ['one class', normal('z', [3, 1]), ints([3], [0, 0, 0]), {}],
];

for (const [name, logits, labels, options] of cases) {
  onEachBackend(`softmaxCrossEntropy, ${name}: the definition and its gradient`, async () => {
    const { sum, count } = softmaxCrossEntropy(toTensor(logits), toTensor(labels), options);
    const expected = reference(logits, labels, options);
    expect(sum.dataSync()[0]).toBeCloseTo(expected.sum, 4);
    expect(count.dataSync()[0]).toBe(expected.count);
    await expectGradients((z, at) => softmaxCrossEntropy(z!, at!, options).sum, [logits, labels]);
  });
}

onEachBackend('softmaxCrossEntropy: with every label ignored the sum, the count and the gradient are zero', () => {
  const [logits, labels] = [toTensor(normal('z', [3, 4])), tf.fill([3], -100, 'int32')];
  const { sum, count } = softmaxCrossEntropy(logits, labels);
  expect([sum.dataSync()[0], count.dataSync()[0]]).toEqual([0, 0]);
  const gradient = tf.grad((z: tf.Tensor) => softmaxCrossEntropy(z, labels, { labelSmoothing: 0.1 }).sum)(logits);
  expect(Array.from(gradient.dataSync(), Math.abs)).toEqual(Array(12).fill(0));
});

onEachBackend('softmaxCrossEntropy: huge logits neither overflow nor lose the loss', () => {
  const logits = tf.tensor2d([
    [1000, -1000, 0],
    [-1e4, 1e4, 1e4],
  ]);
  const labels = tf.tensor1d([1, 0], 'int32');
  expect(softmaxCrossEntropy(logits, labels).sum.dataSync()[0]).toBeCloseTo(2000 + 20000 + Math.log(2), 1);
  const gradient = tf
    .grad((z: tf.Tensor) => softmaxCrossEntropy(z, labels).sum)(logits)
    .dataSync();
  expect(Array.from(gradient, (value) => Math.round(value * 100) / 100 + 0)).toEqual([1, -1, 0, -1, 0.5, 0.5]);
});

const holes = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 3e38];

for (const labelSmoothing of [0, 0.1]) {
  onEachBackend(`softmaxCrossEntropy, smoothing ${labelSmoothing}: an ignored row adds nothing, whatever it holds`, () => {
    const counted = [0.25, 1, 3];
    const labels = tf.tensor1d([-100, 2], 'int32');
    const evaluate = (ignoredRow: number[]) => {
      const logits = tf.tensor2d([ignoredRow, counted]);
      const sum = (z: tf.Tensor): tf.Scalar => softmaxCrossEntropy(z, labels, { labelSmoothing }).sum;
      return [sum(logits).dataSync()[0]!, ...tf.grad(sum)(logits).dataSync()];
    };
    const expected = evaluate([0, 0, 0]);
    expect(expected.slice(1, 4).map(Math.abs)).toEqual([0, 0, 0]);
    expect(expected[0]).toBeGreaterThan(0.1);
    for (const hole of holes) {
      for (const row of [
        [hole, 2, -1],
        [hole, hole, hole],
      ])
        expect(evaluate(row).map((each) => each + 0)).toEqual(expected.map((each) => each + 0));
    }
  });
}

onEachBackend('softmaxCrossEntropy: an ignored label may be any number, beyond the classes too', () => {
  const logits = toTensor(normal('z', [3, 4]));
  const ignoring = (ignoredLabel: number): number[] => {
    const labels = tf.tensor1d([1, ignoredLabel, 3], 'int32');
    const sum = (z: tf.Tensor): tf.Scalar => softmaxCrossEntropy(z, labels, { ignoredLabel }).sum;
    return [sum(logits).dataSync()[0]!, ...tf.grad(sum)(logits).dataSync()];
  };
  for (const label of [-1, 255, 4]) expect(ignoring(label)).toEqual(ignoring(-100));
});

onEachBackend('softmaxCrossEntropy: labels of no class are refused', () => {
  const logits = toTensor(normal('z', [2, 4]));
  for (const label of [-1, 4, 300, -101, 2 ** 31 - 1, -(2 ** 31)]) {
    const labels = tf.tensor1d([-100, label], 'int32');
    expect(() => softmaxCrossEntropy(logits, labels)).toThrow(
      `softmaxCrossEntropy: expected labels from 0 to 3, or -100 for what does not count, got ${label} at element 1; the scores have no such class`,
    );
  }
});

it('softmaxCrossEntropy: shapes and smoothing that do not fit are named', () => {
  expect(() => softmaxCrossEntropy(tf.zeros([2, 3, 4]), tf.zeros([2, 4], 'int32'))).toThrow(
    /softmaxCrossEntropy: expected logits \[..., classes\], int32 labels \[...\], got logits float32 \[2, 3, 4\], labels int32 \[2, 4\]/,
  );
  expect(() => softmaxCrossEntropy(tf.zeros([2, 3]), tf.zeros([2], 'int32'), { labelSmoothing: 1 })).toThrow(
    /0 <= labelSmoothing < 1/,
  );
});
