import { describe, expect, it } from 'vitest';
import { classificationFigures, confusions } from './classification-figures.ts';

const of = (classes: number, labels: readonly number[], said: readonly number[]) =>
  classificationFigures(
    confusions(
      classes,
      labels.map((label, at) => [label, said[at]!] as const),
    ),
  );

describe('the figures of scikit-learn, written down from their definitions', () => {
  it('of two classes: F1 is that of the second', () => {
    // 3 true positives, 1 false positive, 2 false negatives, 4 true negatives.
    const figures = of(2, [1, 1, 1, 1, 1, 0, 0, 0, 0, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]);
    expect(figures.accuracy).toBeCloseTo(0.7, 12);
    expect(figures.f1).toBeCloseTo(6 / 9, 12);
    expect(figures.matthews).toBeCloseTo((3 * 4 - 1 * 2) / Math.sqrt(4 * 5 * 5 * 6), 12);
  });

  it('of three: F1 is the mean over the classes, and the correlation that of Gorodkin', () => {
    const [labels, said] = [
      [0, 0, 1, 1, 2, 2],
      [0, 1, 1, 1, 2, 0],
    ];
    const { f1, matthews } = of(3, labels!, said!);
    expect(f1).toBeCloseTo((2 / 4 + 4 / 5 + 2 / 3) / 3, 12);
    // The correlation of the two as vectors of zeros and ones, one for each class.
    const [dot, norm] = [
      (a: readonly number[], b: readonly number[]): number =>
        [0, 1, 2].reduce((sum, place) => {
          const mean = (all: readonly number[]): number => all.filter((each) => each === place).length / 6;
          const one = (value: number): number => (value === place ? 1 : 0);
          return sum + a.reduce((all, value, at) => all + (one(value) - mean(a)) * (one(b[at]!) - mean(b)), 0);
        }, 0),
      (a: readonly number[]): number => Math.sqrt(dot(a, a)),
    ];
    expect(matthews).toBeCloseTo(dot(labels!, said!) / (norm(labels!) * norm(said!)), 12);
  });

  it('one class all over: no correlation, and no F1 of what is never there', () => {
    expect(of(2, [0, 0, 0], [0, 0, 0])).toEqual({ accuracy: 1, f1: 0, matthews: 0 });
    expect(of(2, [0, 1], [1, 1]).matthews).toBe(0);
  });
});
