import { expect, test } from 'vitest';
import { scriptClassifier, scriptRuns } from './script-runs.ts';

const runs = (word: string): string[] => scriptRuns([...word], scriptClassifier()).map((run) => run.join(''));

test('letters, digits, punctuation and each script are runs of their own', () => {
  expect(runs('peace,1945')).toEqual(['peace', ',', '1945']);
  expect(runs('Россия-USA')).toEqual(['Россия', '-', 'USA']);
  expect(runs('東京タワーです!')).toEqual(['東京タワーです', '!']);
  expect(runs('')).toEqual([]);
});

test('a combining mark stays with what it follows', () => {
  expect(runs('e\u0301t,\u0301')).toEqual(['e\u0301t', ',\u0301']);
});
