/**
 * One token drawn from a model's next-token probabilities, made sharper or flatter and cut to the likely ones:
 *
 *   q_i = p_i^(1 / temperature) / sum_j p_j^(1 / temperature)
 *
 * of which the `topK` largest stay, and of those the fewest that hold `topP` of what stayed (nucleus sampling, Holtzman and
 * others, 2020, https://arxiv.org/abs/1904.09751). The draw is the first id, in the order of the ids, at which the running sum of
 * what is left passes a uniform number of the key. So neither the device nor the order of a sort decides, and equally likely
 * tokens are cut from the highest id down. As the temperature tends to 0 this is the likeliest token, as with a `topK` of 1.
 */
import { expectScores, GmlpError, indicesOfLargest, type Key, randomUniform } from '@gmlp/base';

export interface SampleOptions {
  /** More than 0; 1 by default, which leaves the model's probabilities as they are. */
  readonly temperature?: number | undefined;
  /** How many of the likeliest tokens are drawn from, at least 1; all when left out. */
  readonly topK?: number | undefined;
  /** How much of the probability the tokens that are drawn from hold, in (0, 1]; all by default. */
  readonly topP?: number | undefined;
}

/** Throws unless tokens can be drawn so. */
export function expectSampling(name: string, { temperature = 1, topK = 1, topP = 1 }: SampleOptions): void {
  const expect = (holds: boolean, option: string, range: string, value: number): void => {
    if (holds) return;
    throw new GmlpError('invalid-argument', `${name}: expected ${option} to be ${range}, got ${String(value)}`, {
      [option]: value,
    });
  };
  expect(Number.isFinite(temperature) && temperature > 0, 'temperature', 'a number above 0', temperature);
  expect(Number.isSafeInteger(topK) && topK >= 1, 'topK', 'a whole number of at least 1', topK);
  expect(topP > 0 && topP <= 1, 'topP', 'above 0 and at most 1', topP);
}

/** The id that the key draws; `row` holds the logarithms of the probabilities of all ids. The same key draws the same id. */
export function sampleNextToken(row: ArrayLike<number>, key: Key, options: SampleOptions = {}): number {
  expectSampling('sampleNextToken', options);
  const { temperature = 1, topK = row.length, topP = 1 } = options;
  expectScores('sampleNextToken', row);
  const largest = row[indicesOfLargest(row, 1)[0]!]!;
  // Relative to the largest, so that no temperature overflows or makes all of them 0.
  const weights = Float64Array.from(row, (value) => Math.exp((value - largest) / temperature));
  const drawn = nucleus(weights, topK < row.length ? indicesOfLargest(row, topK) : weights.keys(), topP);
  const total = drawn.reduce((sum, id) => sum + weights[id]!, 0);
  const target = randomUniform(key, 1)[0]! * total;
  let sum = 0;
  for (const id of drawn) {
    sum += weights[id]!;
    if (sum > target) return id;
  }
  return drawn.at(-1)!; // a uniform number so near to 1 that the product was rounded up to the total
}

/** Of some ids the fewest that hold so much of the weight of all of them, in the order of the ids. */
function nucleus(weights: Float64Array, ids: Iterable<number>, share: number): number[] {
  const possible = Array.from(ids).filter((id) => weights[id]! > 0);
  if (share === 1) return possible.sort((a, b) => a - b);
  possible.sort((a, b) => weights[b]! - weights[a]! || a - b);
  const needed = share * possible.reduce((sum, id) => sum + weights[id]!, 0);
  let sum = 0;
  const enough = possible.findIndex((id) => {
    sum += weights[id]!;
    return sum >= needed;
  });
  return possible.slice(0, enough + 1).sort((a, b) => a - b);
}
