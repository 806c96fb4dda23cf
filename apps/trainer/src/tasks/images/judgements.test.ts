import fc from 'fast-check';
import { expect, it } from 'vitest';
import { judgements } from './judgements.ts';

it('counts right ones and confusions, and keeps the worst, in whatever order they come', () => {
  const classes = 4;
  const judgement = fc.record({
    label: fc.nat(classes - 1),
    scores: fc.array(fc.integer({ min: 1, max: 50 }), { minLength: classes, maxLength: classes }),
  });
  fc.assert(
    fc.property(fc.array(judgement, { maxLength: 40 }), (given) => {
      const all = given.map(({ label, scores }, index) => {
        const total = scores.reduce((sum, score) => sum + score, 0);
        return { index, label, shares: Float64Array.from(scores, (score) => score / total) };
      });
      const found = judgements(classes, 3);
      for (const each of all) found.add(each);
      const said = all.map(({ shares }) => shares.indexOf(Math.max(...shares)));
      const wrong = all.filter(({ label, index }) => said[index] !== label);
      expect(found.classes()).toEqual(
        Array.from({ length: classes }, (_, label) => ({
          count: all.filter((each) => each.label === label).length,
          right: all.filter((each) => each.label === label && said[each.index] === label).length,
        })),
      );
      const confusions = found.confusions();
      expect(confusions.reduce((sum, { count }) => sum + count, 0)).toBe(wrong.length);
      for (const { label, said: other, count } of confusions)
        expect(wrong.filter((each) => each.label === label && said[each.index] === other)).toHaveLength(count);
      const expected = wrong.toSorted((a, b) => a.shares[a.label]! - b.shares[b.label]! || a.index - b.index).slice(0, 3);
      expect(found.worst().map(({ index }) => index)).toEqual(expected.map(({ index }) => index));
    }),
  );
});

it('of many classes the most frequent confusions alone are kept', () => {
  const found = judgements(400, 2);
  for (let label = 0; label < 400; label++) {
    for (let times = 0; times <= label % 7; times++)
      found.add({ index: 0, label, shares: Float64Array.from({ length: 400 }, (_, at) => (at === (label + 1) % 400 ? 1 : 0)) });
  }
  const listed = found.confusions();
  expect(listed).toHaveLength(50);
  expect(listed.every(({ count }) => count === 7)).toBe(true);
  expect(found.worst().map(({ label }) => label)).toEqual([0, 1]);
});
