import { describe, expect, it } from 'vitest';
import { countIds, unigramLogProbabilities, unigramPerplexity } from './unigram-model.ts';

describe('the unigram model', () => {
  it('gives probabilities that sum to one', () => {
    const logs = unigramLogProbabilities(countIds([0, 1, 1, 3], 5));
    expect(logs.reduce((sum, value) => sum + Math.exp(value), 0)).toBeCloseTo(1, 12);
    expect(Math.exp(logs[1]!)).toBeCloseTo(3 / 9, 12);
    expect(Math.exp(logs[4]!)).toBeCloseTo(1 / 9, 12); // never seen
  });

  it('is as perplexed by equally frequent ids as there are ids', () => {
    expect(unigramPerplexity(new Float64Array(64).fill(10), [1, 5, 9, 63])).toBeCloseTo(64, 9);
  });

  it('leaves ignored labels out', () => {
    const counts = countIds([0, 0, 0, 1], 3);
    expect(unigramPerplexity(counts, [-100, 1, -100])).toBeCloseTo(7 / 2, 12);
    expect(() => unigramPerplexity(counts, [-100])).toThrow(/every label is ignored/);
  });

  it('refuses ids outside the vocabulary', () => {
    expect(() => countIds([0, 3], 3)).toThrow(/expected ids from 0 to 2, got 3/);
    expect(() => unigramPerplexity(new Float64Array(3), [3])).toThrow(/expected labels from 0 to 2, got 3/);
  });
});
