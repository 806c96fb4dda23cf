import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isKey, key, randomNormal, randomUniform, randomWords, resolveKey, split, tracedKey } from './key.ts';

test('the bits of a key are fixed for ever: a resumed run on another machine draws the same', () => {
  expect([...randomWords(split(split(key(42), 'dropout'), 3), 4)]).toEqual([2530946802, 1064112045, 1057016402, 3484519375]);
});

test('drawing twice gives the same, splitting gives another, names and numbers are told apart', () => {
  const parent = key(7);
  expect(randomWords(parent, 8)).toEqual(randomWords(parent, 8));
  const draws = [parent, split(parent, 1), split(parent, '1'), split(parent, 2), split(split(parent, 1), 2), key(8)];
  expect(new Set(draws.map((each) => randomWords(each, 2).join())).size).toBe(draws.length);
});

test('no name is the same as a path, whatever it holds', () => {
  const root = key(0);
  const bits = (path: readonly (string | number)[]): string => randomWords(path.reduce(split, root), 2).join();
  expect(bits(['a$b'])).not.toBe(bits(['a', 'b']));
  expect(bits(['a#1'])).not.toBe(bits(['a', 1]));
  expect(bits(['#1'])).not.toBe(bits(['', 1]));
  // Of few characters, the marks of names and numbers among them, so that equal strings are drawn often.
  const part = fc.oneof(fc.string({ unit: fc.constantFrom('a', '$', '#', '1'), maxLength: 3 }), fc.constantFrom(1, 11));
  const paths = fc.array(part, { maxLength: 3 });
  fc.assert(
    fc.property(paths, paths, (a, b) => {
      expect(bits(a) === bits(b)).toBe(JSON.stringify(a) === JSON.stringify(b));
    }),
    { numRuns: 2000 },
  );
});

test('a prefix of a longer draw is the shorter draw', () => {
  expect(randomWords(key(1), 100).slice(0, 10)).toEqual(randomWords(key(1), 10));
});

test('seeds near and far give different keys', () => {
  const seeds = [0, 1, 2, -1, 2 ** 31, 2 ** 32, 2 ** 32 + 1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER];
  expect(new Set(seeds.map((seed) => randomWords(key(seed), 2).join())).size).toBe(seeds.length);
});

test('a traced key records its splits and resolves to what the real key gives', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.string(), fc.integer())), fc.integer(), (path, seed) => {
      const traced = path.reduce(split, tracedKey(0));
      expect(isKey(traced)).toBe(true);
      expect(resolveKey(traced, [key(seed)])).toEqual(path.reduce(split, key(seed)));
    }),
  );
  expect(() => randomWords(tracedKey(0), 1)).toThrow('a traced key has no value');
});

test('uniform and normal numbers have the moments they should', () => {
  const count = 200_000;
  const mean = (values: ArrayLike<number>) => Array.from(values).reduce((sum, value) => sum + value, 0) / count;
  const uniform = randomUniform(key(3), count);
  const normal = randomNormal(key(3), count);
  // Five standard errors.
  expect(Math.abs(mean(uniform) - 0.5)).toBeLessThan(5 * Math.sqrt(1 / 12 / count));
  expect(Math.abs(mean(normal))).toBeLessThan(5 / Math.sqrt(count));
  expect(Math.abs(mean(normal.map((value) => value * value)) - 1)).toBeLessThan(5 * Math.sqrt(2 / count));
  expect(Math.abs(mean(normal.map((value) => value ** 4)) - 3)).toBeLessThan(5 * Math.sqrt(96 / count));
});

test('the two normal numbers of a pair are a random point, not one number twice', () => {
  const count = 100_000;
  const normal = randomNormal(key(4), 2 * count);
  const mean = (of: (a: number, b: number) => number): number => {
    let sum = 0;
    for (let i = 0; i < count; i++) sum += of(normal[2 * i]!, normal[2 * i + 1]!);
    return sum / count;
  };
  // Of independent ones E[ab] = 0, E[a^2 b^2] = 1, E[b] = 0; five standard errors.
  expect(Math.abs(mean((a, b) => a * b))).toBeLessThan(5 / Math.sqrt(count));
  expect(Math.abs(mean((a, b) => a * a * b * b) - 1)).toBeLessThan(5 * Math.sqrt(8 / count));
  expect(Math.abs(mean((_, b) => b))).toBeLessThan(5 / Math.sqrt(count));
});

test('bits of neighbouring words, of neighbouring keys and of parent and child are independent', () => {
  const count = 20_000;
  const pairs: [Uint32Array, Uint32Array][] = [
    [randomWords(key(5), count), randomWords(key(6), count)],
    [randomWords(key(5), count), randomWords(split(key(5), 0), count)],
    [randomWords(split(key(5), 0), count), randomWords(split(key(5), 1), count)],
    [randomWords(key(5), count), randomWords(key(5), count + 1).slice(1)],
  ];
  for (const [a, b] of pairs) {
    let same = 0;
    for (let i = 0; i < count; i++) for (let bit = 0; bit < 32; bit++) same += ((a[i]! ^ b[i]!) >>> bit) & 1 ? 0 : 1;
    expect(Math.abs(same / (32 * count) - 0.5)).toBeLessThan((5 * 0.5) / Math.sqrt(32 * count));
  }
});

test('refuses a seed that is no whole number: NaN and 0 would give one key', () => {
  for (const seed of [Number.NaN, 1.5, 2 ** 53, Number.POSITIVE_INFINITY])
    expect(() => key(seed)).toThrow(/key: expected a whole number/);
  expect(key(-1)).not.toEqual(key(1));
});
