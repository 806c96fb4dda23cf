import fc from 'fast-check';
import { expect, it } from 'vitest';
import { jsonScanner } from './json-scanner.ts';

const fail = (problem: string): Error => new Error(problem);
const parsed = (text: string): { value: unknown } | undefined => {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
};
const passes = (text: string): boolean => {
  try {
    const json = jsonScanner(text, fail);
    json.skip();
    json.end();
    return true;
  } catch (error) {
    expect((error as Error).message).toMatch(/^is not JSON: expected .* at character \d+, got /s);
    return false;
  }
};

const texts = fc.tuple(fc.jsonValue({ maxDepth: 4 }), fc.constantFrom(undefined, 1, '\t', '\n\r ')).map(([value, space]) => {
  return JSON.stringify(value, null, space);
});
const damaged = fc
  .tuple(
    texts,
    fc.nat(),
    fc.constantFrom('', '"', '\\', '\\u12', '{', '}', '[', ']', ',', ':', '-', '01', '.', 'e', 'nul', '\0', '\u00a0'),
  )
  .map(([text, at, put]) => text.slice(0, at % (text.length + 1)) + put + text.slice((at % (text.length + 1)) + (at % 2)));

it('passes over what JSON.parse takes, and refuses what it refuses', () => {
  let taken = 0;
  let refused = 0;
  fc.assert(
    fc.property(fc.oneof(texts, damaged), (text) => {
      expect(passes(text)).toBe(parsed(text) !== undefined);
      passes(text) ? taken++ : refused++;
    }),
    { numRuns: 3000 },
  );
  expect(Math.min(taken, refused)).toBeGreaterThan(300);
});

it('reads objects of strings and lists of counts as JSON.parse does, in their order', () => {
  const value = fc.dictionary(fc.string({ unit: 'binary' }), fc.oneof(fc.string(), fc.array(fc.maxSafeNat(), { maxLength: 4 })));
  fc.assert(
    fc.property(value, fc.constantFrom(0, 2), (expected, space) => {
      const json = jsonScanner(JSON.stringify(expected, null, space), fail);
      const read = new Map<string, unknown>();
      json.object((name) => read.set(name, json.next() === 'string' ? json.string() : json.counts(4)));
      json.end();
      expect(read).toEqual(new Map(Object.entries(expected)));
    }),
  );
});

it.each(['[-1]', '[0.5]', '[1e3]', '[01]', '[9007199254740992]', '["1"]', '[null]', '[1', '[1,]', '[,1]', '{}', '7', '[1,2,3]'])(
  'takes %s for no list of two counts',
  (text) => {
    expect(jsonScanner(text, fail).counts(2)).toBeUndefined();
  },
);

it('does not follow values that nest without end', () => {
  const nested = (depth: number) => jsonScanner(`${'[{"a":'.repeat(depth)}1${'}]'.repeat(depth)}`, fail);
  nested(60).skip();
  expect(() => nested(1e5).skip()).toThrow('nests values more than 127 deep');
});
