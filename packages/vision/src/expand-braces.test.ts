import { expect, test } from 'vitest';
import { expandBraces } from './expand-braces.ts';

test.each([
  ['plain.tar', ['plain.tar']],
  ['train-{000..002}.tar', ['train-000.tar', 'train-001.tar', 'train-002.tar']],
  ['{0009..0010}', ['0009', '0010']],
  ['{9..11}', ['9', '10', '11']],
  ['https://host/{train,val}-{0..1}.tar', ['train-0', 'train-1', 'val-0', 'val-1'].map((name) => `https://host/${name}.tar`)],
  ['a{,b}', ['a', 'ab']],
])('%s', (pattern, names) => {
  expect(expandBraces(pattern)).toEqual(names);
});

test('one of 1024 as in the wild', () => {
  const names = expandBraces('imagenet1k-train-{0000..1023}.tar');
  expect([names.length, names[7], names.at(-1)]).toEqual([1024, 'imagenet1k-train-0007.tar', 'imagenet1k-train-1023.tar']);
});

test.each([
  ['a{1..', 'a brace without its other one'],
  ['a}', 'a brace without its other one'],
  ['a{b}', 'expected {000..123} or {one,two}, got {b}'],
  ['a{2..1}', '2..1 goes down'],
  ['a{0..99999999}', 'more than 1000000 names'],
  ['{0..9999}{0..9999}', 'more than 1000000 names'],
  ['{0..99999999999999999999}', 'more than 1000000 names'],
])('%s is refused', (pattern, problem) => {
  expect(() => expandBraces(pattern)).toThrow(problem);
});
