import { hostArray, key, randomNormal, split } from '@gmlp/base';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BeamSearchOptions, beamSearch } from './beam-search.ts';
import { greedySearch } from './greedy-search.ts';
import type { Hypothesis, NextLogProbabilities, SearchOptions } from './next-log-probabilities.ts';
import { samplingSearch } from './sampling-search.ts';

const [begin, end] = [0, 1];

/** The row of a hypothesis depends on all its ids and its source, as a model's does. */
function randomRow(seed: number, vocabulary: number, { source, ids }: Hypothesis): Float32Array {
  const logits = randomNormal(split(split(key(seed), source), ids.join(' ')), vocabulary);
  const total = Math.log(logits.reduce((sum, value) => sum + Math.exp(value), 0));
  return logits.map((value) => value - total);
}

function randomModel(seed: number, vocabulary: number): NextLogProbabilities {
  return async (hypotheses) => {
    expect(new Set(hypotheses.map(({ ids }) => ids.length)).size).toBe(1);
    const rows = hypotheses.map((hypothesis) => Array.from(randomRow(seed, vocabulary, hypothesis)));
    return hostArray('float32', [rows.length, vocabulary], Float32Array.from(rows.flat()));
  };
}

/** The best of all targets, by trying each. */
function bruteForce(seed: number, vocabulary: number, source: number, maximumTokens: number, alpha: number) {
  let best = { ids: [] as number[], score: Number.NEGATIVE_INFINITY };
  const visit = (ids: number[], logProbability: number): void => {
    const row = randomRow(seed, vocabulary, { source, ids });
    row.forEach((value, id) => {
      const [tokens, total] = [ids.length, logProbability + value];
      const score = total / ((5 + tokens) / 6) ** alpha;
      if (id !== end && tokens < maximumTokens) visit([...ids, id], total);
      else if (score > best.score) best = { ids: id === end ? ids.slice(1) : [...ids.slice(1), id], score };
    });
  };
  visit([begin], 0);
  return best;
}

const cases = fc.record({
  seed: fc.integer({ min: 0, max: 1e6 }),
  vocabulary: fc.integer({ min: 2, max: 4 }),
  maximumTokens: fc.integer({ min: 1, max: 4 }),
  sources: fc.integer({ min: 1, max: 3 }),
});

describe('beamSearch', () => {
  it('finds the best of all targets when its width holds them all', async () => {
    const alphas = fc.constantFrom(0, 0.6, 2);
    await fc.assert(
      fc.asyncProperty(cases, alphas, async ({ seed, vocabulary, maximumTokens, sources }, alpha) => {
        const width = vocabulary ** maximumTokens;
        const next = randomModel(seed, vocabulary);
        const found = await beamSearch({ next, sources, begin, end, maximumTokens, width, alpha });
        found.forEach(([first], source) => {
          const best = bruteForce(seed, vocabulary, source, maximumTokens, alpha);
          expect(first!.ids).toEqual(best.ids);
          expect(first!.score).toBeCloseTo(best.score, 10);
        });
      }),
      { numRuns: 40 },
    );
  });

  it('is greedy search at a width of 1', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async ({ seed, vocabulary, maximumTokens, sources }) => {
        const options = { next: randomModel(seed, vocabulary), sources, begin, end, maximumTokens };
        const beams = await beamSearch({ ...options, width: 1 });
        expect(beams.map(([{ score: _, ...first } = { score: 0 }]) => first)).toEqual(await greedySearch(options));
      }),
      { numRuns: 40 },
    );
  });

  it('finds what greedy search misses, and divides by the length penalty', async () => {
    // After the likelier of two tokens all is unlikely, after the other the end is certain.
    const table: Record<string, number[]> = { '0': [0, 0, 0.6, 0.4], '0 2': [0, 0.4, 0.3, 0.3], '0 3': [0, 1, 0, 0] };
    const next: NextLogProbabilities = async (hypotheses) =>
      hostArray(
        'float32',
        [hypotheses.length, 4],
        Float32Array.from(hypotheses.flatMap(({ ids }) => (table[ids.join(' ')] ?? [0, 1, 0, 0]).map(Math.log))),
      );
    const options = { next, sources: 1, begin, end, maximumTokens: 5 };
    expect((await greedySearch(options))[0]).toMatchObject({ ids: [2], ended: true });
    const [best] = (await beamSearch({ ...options, width: 2 }))[0]!;
    expect(best).toMatchObject({ ids: [3], ended: true });
    expect(best!.logProbability).toBeCloseTo(Math.log(0.4), 6);
    expect(best!.score).toBeCloseTo(Math.log(0.4) / (7 / 6) ** 0.6, 6);
  });
});

/** Says the tokens of each source in their order, then the end for ever. */
const reciting =
  (texts: number[][]): NextLogProbabilities =>
  async (hypotheses) => {
    const rows = hypotheses.map(({ source, ids }) => {
      const row = Array<number>(6).fill(-20);
      row[texts[source]![ids.length - 1] ?? end] = 0;
      return row;
    });
    return hostArray('float32', [rows.length, 6], Float32Array.from(rows.flat()));
  };

describe.each([1, 3])('with a width of %i', (width) => {
  const search = async (options: Omit<BeamSearchOptions, 'width'>) => [
    await greedySearch(options),
    (await beamSearch({ ...options, width })).map(([best]) => best!),
  ];

  it('ends each source at its own end, and cuts what goes on', async () => {
    const texts = [[3, 4], [], [5, 5, 5, 5, 5]];
    for (const found of await search({ next: reciting(texts), sources: 3, begin, end, maximumTokens: 4 })) {
      expect(found.map(({ ids, ended }) => ({ ids, ended }))).toEqual([
        { ids: [3, 4], ended: true },
        { ids: [], ended: true },
        { ids: [5, 5, 5, 5], ended: false },
      ]);
    }
  });

  it('asks nothing about sources that are done', async () => {
    const texts = [[3], [4, 4, 4]];
    let longest = 0;
    const next: NextLogProbabilities = (hypotheses) => {
      longest = Math.max(longest, hypotheses[0]!.ids.length);
      if (width === 1 && hypotheses[0]!.ids.length > 2) expect(hypotheses.map(({ source }) => source)).toEqual([1]);
      return reciting(texts)(hypotheses);
    };
    await search({ next, sources: 2, begin, end, maximumTokens: 9 });
    expect(longest).toBeGreaterThanOrEqual(4);
    expect(await greedySearch({ next, sources: 0, begin, end, maximumTokens: 9 })).toEqual([]);
  });
});

it('refuses widths, penalties, lengths and answers that cannot be', async () => {
  const options = { next: reciting([[]]), sources: 1, begin, end, maximumTokens: 3 };
  for (const width of [0, -1, 1.5, Number.NaN]) {
    await expect(beamSearch({ ...options, width })).rejects.toThrow(/expected width to be a whole number of at least 1, got/);
  }
  for (const alpha of [-0.1, Number.NaN, Number.POSITIVE_INFINITY]) {
    await expect(beamSearch({ ...options, width: 2, alpha })).rejects.toThrow(/expected alpha to be a number of at least 0, got/);
  }
  await expect(greedySearch({ ...options, maximumTokens: 0 })).rejects.toThrow(/expected maximumTokens .* at least 1, got 0/);
  const next: NextLogProbabilities = async () => hostArray('float32', [2, 6], new Float32Array(12));
  await expect(greedySearch({ ...options, next })).rejects.toThrow(/expected next to give \[1, more than 1\].*got \[2, 6\]/);
});

it.each([Number.NaN, Number.POSITIVE_INFINITY])('every search refuses scores with %d, wherever it is', async (hole) => {
  const searches = {
    greedySearch: (options: SearchOptions) => greedySearch(options),
    beamSearch: (options: SearchOptions) => beamSearch({ ...options, width: 3 }),
    samplingSearch: (options: SearchOptions) => samplingSearch({ ...options, key: key(1) }),
  };
  for (const [name, search] of Object.entries(searches)) {
    for (let place = 0; place < 6; place++) {
      const told: string[] = [];
      const next: NextLogProbabilities = async (hypotheses) => {
        const good = (
          await reciting([
            [3, 3, 3, 3, 3],
            [4, 4, 4, 4, 4],
          ])(hypotheses)
        ).data as Float32Array;
        if (hypotheses[0]!.ids.length === 3) good[good.length - 6 + place] = hole; // of the last row, at the third token
        told.push(name);
        return hostArray('float32', [hypotheses.length, 6], good);
      };
      await expect(search({ next, sources: 2, begin, end, maximumTokens: 9 })).rejects.toMatchObject({
        code: 'numerical',
        message: expect.stringContaining(`${name}: expected scores that are numbers, got ${hole}`),
      });
      expect(told.length).toBe(3);
    }
  }
});
