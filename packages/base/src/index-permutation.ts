import { GmlpError } from './errors.ts';
import { type Key, mix, randomWords } from './key.ts';

const rounds = 64;

/**
 * A random order of the numbers below `count` that takes no memory: a function from a place to what stands there, which gives each
 * number once. So a corpus of any length is shuffled without a list of it, and any part of the order can be asked for alone.
 *
 * It is the swap-or-not shuffle (Hoang, Morris and Rogaway, 2012, https://arxiv.org/abs/1208.1176): in each round a number drawn
 * from the key pairs the places, and a random bit that both of a pair share says whether they change places.
 */
export function indexPermutation(count: number, key: Key): (index: number) => number {
  if (!Number.isSafeInteger(count) || count < 0) {
    throw new GmlpError('invalid-argument', `indexPermutation: expected a whole number of places, got ${count}`, { count });
  }
  const words = randomWords(key, 3 * rounds);
  const pairings = Float64Array.from({ length: rounds }, (_, round) =>
    // 53 random bits: a number below `count` of any size.
    Math.floor(((words[3 * round]! * 2 ** 21 + (words[3 * round + 1]! >>> 11)) / 2 ** 53) * count),
  );
  return (index) => {
    if (!(Number.isInteger(index) && index >= 0 && index < count)) {
      throw new GmlpError('invalid-argument', `indexPermutation: there is no place ${index}; there are ${count}`, {
        index,
        count,
      });
    }
    let place = index;
    for (let round = 0; round < rounds; round++) {
      let partner = pairings[round]! - place;
      if (partner < 0) partner += count;
      const first = Math.max(place, partner);
      const high = Math.floor(first / 2 ** 32);
      if (mix(first ^ words[3 * round + 2]! ^ Math.imul(high, 0x9e3779b1)) >>> 31) place = partner;
    }
    return place;
  };
}
