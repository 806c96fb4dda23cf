import { hostArray, type Key, key, randomUniform, split } from '@gmlp/base';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { greedySearch } from './greedy-search.ts';
import type { NextLogProbabilities } from './next-log-probabilities.ts';
import { type SampleOptions, sampleNextToken } from './sample-next-token.ts';
import { samplingSearch } from './sampling-search.ts';

const logarithms = (probabilities: readonly number[]): Float32Array => Float32Array.from(probabilities, Math.log);

/** Written apart: the tokens that may be drawn with their probabilities, by sorting pairs and adding from the largest down. */
function distribution(row: ArrayLike<number>, { temperature = 1, topK, topP = 1 }: SampleOptions): Map<number, number> {
  const ranked = Array.from(row, (value, id) => ({ id, value })).sort((a, b) => b.value - a.value || a.id - b.id);
  const cut = ranked.slice(0, topK);
  const share = (value: number): number => Math.exp((value - ranked[0]!.value) / temperature);
  const whole = cut.reduce((sum, { value }) => sum + share(value), 0);
  let held = 0;
  const kept = cut.filter(({ value }) => {
    const needed = held < topP * whole;
    held += share(value);
    return needed;
  });
  const total = kept.reduce((sum, { value }) => sum + share(value), 0);
  return new Map(kept.sort((a, b) => a.id - b.id).map(({ id, value }) => [id, share(value) / total]));
}

/** The id below whose running sum the uniform number lies. */
function draw(probabilities: ReadonlyMap<number, number>, uniform: number): number {
  let left = uniform;
  for (const [id, probability] of probabilities) {
    left -= probability;
    if (left < 0) return id;
  }
  return [...probabilities.keys()].at(-1)!;
}

/** Wide apart, so that no rounding decides: the numbers of a row differ by 1/8 at least, or not at all. */
const rows = fc.array(fc.integer({ min: -24, max: 0 }), { minLength: 1, maxLength: 9 }).map((eighths) => {
  const logits = eighths.map((value) => value / 8);
  const total = Math.log(logits.reduce((sum, value) => sum + Math.exp(value), 0));
  return logits.map((value) => value - total);
});
const samplings = fc.record({
  temperature: fc.constantFrom(0.25, 0.7, 1, 1.9),
  topK: fc.option(fc.integer({ min: 1, max: 10 }), { nil: undefined }),
  topP: fc.constantFrom(0.0123, 0.3456, 0.789, 0.9871, 1),
});
const keys = fc.integer({ min: 0, max: 1e9 }).map(key);

describe('sampleNextToken', () => {
  it('draws what a plain reference draws', () => {
    fc.assert(
      fc.property(rows, samplings, keys, (row, options, own) => {
        const expected = distribution(row, options);
        const drawn = sampleNextToken(row, own, options);
        // Where the uniform number is at a border of two ids, rounding may decide between them.
        const uniform = randomUniform(own, 1)[0]!;
        expect([draw(expected, uniform - 1e-9), draw(expected, uniform), draw(expected, uniform + 1e-9)]).toContain(drawn);
      }),
      { numRuns: 500 },
    );
  });

  it.each<[SampleOptions, number[]]>([
    [{}, [0.4, 0.1, 0.2, 0.3]],
    [{ topK: 2 }, [4 / 7, 0, 0, 3 / 7]],
    [{ topP: 0.85 }, [4 / 9, 0, 2 / 9, 3 / 9]],
    [{ topP: 0.5, topK: 3 }, [4 / 7, 0, 0, 3 / 7]],
    [{ temperature: 0.5 }, [16 / 30, 1 / 30, 4 / 30, 9 / 30]],
    [{ temperature: 0.5, topP: 0.8 }, [16 / 25, 0, 0, 9 / 25]],
  ])('draws each id as often as it is likely, with %j', (options, expected) => {
    const row = logarithms([0.4, 0.1, 0.2, 0.3]);
    const draws = 4000;
    const counts = [0, 0, 0, 0];
    for (let index = 0; index < draws; index++) counts[sampleNextToken(row, split(key(1), index), options)]!++;
    expected.forEach((p, id) => {
      const error = Math.sqrt((p * (1 - p)) / draws);
      expect(Math.abs(counts[id]! / draws - p)).toBeLessThanOrEqual(5 * error);
    });
  });

  it('draws from the fewest tokens that hold topP of the probability', () => {
    fc.assert(
      fc.property(rows, fc.constantFrom(0.2345, 0.6789, 0.9123), (row, topP) => {
        const drawn = new Set<number>();
        for (let index = 0; index < 300; index++) drawn.add(sampleNextToken(row, split(key(2), index), { topP }));
        const allowed = distribution(row, { topP });
        for (const id of drawn) expect(allowed.has(id)).toBe(true);
        for (const [id, probability] of allowed) if (probability > 0.05) expect(drawn.has(id)).toBe(true);
        const mass = (ids: Iterable<number>): number => Array.from(ids).reduce((sum, id) => sum + Math.exp(row[id]!), 0);
        const least = Array.from(allowed.keys()).sort((a, b) => row[a]! - row[b]! || b - a)[0]!;
        expect(mass(allowed.keys())).toBeGreaterThanOrEqual(topP - 1e-9);
        expect(mass(allowed.keys()) - Math.exp(row[least]!)).toBeLessThan(topP + 1e-9);
      }),
      { numRuns: 60 },
    );
  });

  it('keeps the lowest ids of those that are equally likely', () => {
    const row = logarithms([0.2, 0.2, 0.2, 0.2, 0.2]);
    const drawnWith = (options: SampleOptions): number[] =>
      [...new Set(Array.from({ length: 200 }, (_, index) => sampleNextToken(row, split(key(3), index), options)))].sort();
    expect(drawnWith({ topK: 2 })).toEqual([0, 1]);
    expect(drawnWith({ topP: 0.55 })).toEqual([0, 1, 2]);
    expect(drawnWith({})).toEqual([0, 1, 2, 3, 4]);
  });

  it('never draws what cannot come, and refuses a row with what is no number', () => {
    const row = [Number.NEGATIVE_INFINITY, 0, Number.NEGATIVE_INFINITY];
    fc.assert(fc.property(keys, samplings, (own, options) => void expect(sampleNextToken(row, own, options)).toBe(1)));
    for (const broken of [[], [0, Number.NaN], [Number.NEGATIVE_INFINITY]]) {
      expect(() => sampleNextToken(broken, key(0))).toThrow(/sampleNextToken: expected scores that are numbers, got/);
    }
  });

  it.each<[SampleOptions, RegExp]>([
    [{ temperature: 0 }, /expected temperature to be a number above 0, got 0/],
    [{ temperature: Number.POSITIVE_INFINITY }, /expected temperature to be a number above 0, got Infinity/],
    [{ temperature: Number.NaN }, /expected temperature .* got NaN/],
    [{ topK: 0 }, /expected topK to be a whole number of at least 1, got 0/],
    [{ topK: 1.5 }, /expected topK .* got 1\.5/],
    [{ topP: 0 }, /expected topP to be above 0 and at most 1, got 0/],
    [{ topP: 1.01 }, /expected topP .* got 1\.01/],
    [{ topP: Number.NaN }, /expected topP .* got NaN/],
  ])('refuses %j', async (options, message) => {
    expect(() => sampleNextToken([0], key(0), options)).toThrow(message);
    const search = { next: table(key(0), 3), sources: 0, begin: 0, end: 1, maximumTokens: 1, key: key(0) };
    await expect(samplingSearch({ ...search, ...options })).rejects.toThrow(message);
  });
});

/** A model whose row depends on all ids of a hypothesis and its source. */
function table(seed: Key, vocabulary: number): NextLogProbabilities {
  return async (hypotheses) => {
    const found = hypotheses.map(({ source, ids }) => {
      const weights = randomUniform(split(split(seed, source), ids.join(' ')), vocabulary);
      const total = weights.reduce((sum, value) => sum + value, 0);
      return Array.from(weights, (value) => Math.log(value / total));
    });
    return hostArray('float32', [found.length, vocabulary], Float32Array.from(found.flat()));
  };
}

describe('samplingSearch', () => {
  const cases = fc.record({ seed: keys, own: keys, vocabulary: fc.integer({ min: 2, max: 6 }), sources: fc.nat(4) });
  const search = { begin: 0, end: 1, maximumTokens: 6 };

  it('draws as one that asks for one source and one token at a time', async () => {
    await fc.assert(
      fc.asyncProperty(cases, samplings, async ({ seed, own, vocabulary, sources }, sampling) => {
        const next = table(seed, vocabulary);
        const found = await samplingSearch({ ...search, ...sampling, next, sources, key: own });
        for (let source = 0; source < sources; source++) {
          const ids = [search.begin];
          let logProbability = 0;
          let ended = false;
          for (let position = 0; position < search.maximumTokens && !ended; position++) {
            const { data } = await next([{ source, ids }]);
            const id = sampleNextToken(data, split(split(own, source), position), sampling);
            logProbability += data[id]!;
            ended = id === search.end;
            if (!ended) ids.push(id);
          }
          expect(found[source]).toEqual({ ids: ids.slice(1), logProbability, ended });
        }
      }),
      { numRuns: 50 },
    );
  });

  it('is greedy search with a topK of 1, with the least topP, and as the temperature tends to 0', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async ({ seed, own, vocabulary, sources }) => {
        const options = { ...search, next: table(seed, vocabulary), sources };
        const greedy = await greedySearch(options);
        for (const sampling of [
          { topK: 1 },
          { topP: Number.MIN_VALUE },
          { temperature: 1e-12 },
          { temperature: Number.MIN_VALUE },
        ]) {
          expect(await samplingSearch({ ...options, ...sampling, key: own })).toEqual(greedy);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('gives other texts for other keys', async () => {
    const options = { ...search, end: 9, next: table(key(5), 10), sources: 1 };
    const texts = await Promise.all(Array.from({ length: 8 }, (_, seed) => samplingSearch({ ...options, key: key(seed) })));
    expect(new Set(texts.map(([text]) => text!.ids.join(' '))).size).toBe(8);
  });
});
