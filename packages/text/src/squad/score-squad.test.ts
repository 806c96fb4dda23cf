/** Hand-made cases; `expected` figures are those of the official scripts. Published predictions: with GMLP_DATA. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { answerWords } from './normalised-answer.ts';
import { parseSquad, type SquadQuestion } from './parse-squad.ts';
import { scoreSquad1, scoreSquad2 } from './score-squad.ts';

it.each([
  ['The  Theatre of the "Absurd"!', ['theatre', 'of', 'absurd']],
  ['a an the', []],
  ['naïve A-team', ['naïve', 'ateam']],
  // No article stands inside a word of any script, or beside an underscore, which goes later; a mark ends a word.
  ['éa aé Ⅷa a_b', ['éa', 'aé', 'ⅷa', 'ab']],
  ['x\u001ca\u0085y\ufeffz', ['x', 'y\ufeffz']],
  ['ΟΔΟΣ', ['οδος']],
])('the words of %j', (answer, words) => {
  expect(answerWords(answer)).toEqual(words);
});

const question = (id: string, ...answers: string[]): SquadQuestion => ({
  ...{ id, question: '', context: '' },
  answers: answers.map((text) => ({ text, start: undefined })),
});

it('version 1.1: the best of the answers counts, a question without prediction is wrong', () => {
  const questions = [question('a', 'Paris', 'the city of Paris'), question('b', 'x y'), question('c', 'z')];
  const scores = scoreSquad1(questions, new Map(Object.entries({ a: 'City of Paris.', b: 'y y' })));
  // Of "y y" and "x y" one word is shared: precision and recall are a half.
  expect(scores).toEqual({ exactMatch: 100 / 3, f1: (100 * (1 + 0.5)) / 3, total: 3, missing: 1 });
});

it('version 2.0: an empty answer is right where there is none, and questions without prediction count in nothing', () => {
  const questions = [question('a', 'x y'), question('b'), question('c'), question('d', 'z'), question('e', 'w')];
  const predictions = new Map(Object.entries({ a: 'x', b: '', c: 'y', d: '' }));
  const scores = scoreSquad2(questions, predictions);
  expect(scores).toEqual({
    ...{ exact: 25, f1: (100 * (2 / 3 + 1)) / 4, total: 4, missing: 1 },
    hasAnswer: { exact: 0, f1: (100 * (2 / 3)) / 2, total: 2 },
    noAnswer: { exact: 50, f1: 50, total: 2 },
  });
  const noAnswerProbabilities = new Map(Object.entries({ a: 0.1, b: 0.9, c: 0.8, d: 0.2 }));
  const { best, ...above } = scoreSquad2(questions, predictions, { noAnswerProbabilities, noAnswerThreshold: 0.5 });
  expect(above).toMatchObject({ noAnswer: { exact: 100, f1: 100 } });
  // No answer at all is right for b and c; a adds 2/3 of its own.
  expect(best).toEqual({ exact: 50, exactThreshold: 0, f1: (100 * (2 + 2 / 3)) / 4, f1Threshold: 0.1 });
});

it('nothing scored is 0, and the parts that there are none of are not there', () => {
  expect(scoreSquad2([question('a', 'x')], new Map())).toEqual({
    ...{ exact: 0, f1: 0, total: 0, missing: 1 },
    hasAnswer: undefined,
    noAnswer: undefined,
  });
});

const folder = join(process.env['GMLP_DATA'] ?? '', 'squad');
const there = process.env['GMLP_DATA'] !== undefined && existsSync(folder);
describe.skipIf(!there)('published predictions (skipped: GMLP_DATA is not set)', () => {
  const json = (path: string): unknown => JSON.parse(readFileSync(join(folder, path), 'utf8'));
  const expected = (there ? json('preds/expected.json') : {}) as Readonly<
    Record<string, { readonly data: string; readonly scores: Readonly<Record<string, number>> }>
  >;
  const known = Object.keys(expected).filter((name) => existsSync(join(folder, expected[name]!.data)));
  it('are there', () => expect(known).toContain('bert.v1.1.json'));
  it.each(known)('%s has the official figures', (name) => {
    const { data, scores } = expected[name]!;
    const questions = parseSquad(readFileSync(join(folder, data), 'utf8'), data);
    expect(questions.flatMap(({ answers }) => answers).filter(({ start }) => start === undefined)).toEqual([]);
    const predictions = new Map(Object.entries(json(`preds/${name}`) as Readonly<Record<string, string>>));
    if ('exact_match' in scores) {
      const { exactMatch, f1 } = scoreSquad1(questions, predictions);
      expect({ exact_match: exactMatch, f1 }).toEqual(scores);
      return;
    }
    const { exact, f1, total, hasAnswer: has, noAnswer: none } = scoreSquad2(questions, predictions);
    expect({
      ...{ exact, f1, total },
      ...{ HasAns_exact: has!.exact, HasAns_f1: has!.f1, HasAns_total: has!.total },
      ...{ NoAns_exact: none!.exact, NoAns_f1: none!.f1, NoAns_total: none!.total },
    }).toEqual(scores);
  });
});
