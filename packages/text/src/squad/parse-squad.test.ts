import { expect, it } from 'vitest';
import { parseSquad } from './parse-squad.ts';

const file = (qas: unknown, context: unknown = 'A 🎉 in London.') =>
  JSON.stringify({ version: '1.1', data: [{ title: 't', paragraphs: [{ context, qas }] }] });
const asked = (answers: unknown, id: unknown = 'a') => ({ id, question: 'Where?', answers });

it('offsets of code points become those of UTF-16; an answer that is not at its offset has none', () => {
  const answers = [
    { text: 'London', answer_start: 7 },
    { text: 'London', answer_start: 8 },
    { text: 'London.', answer_start: 99 },
  ];
  const [question] = parseSquad(file([asked(answers)]), 'dev.json');
  expect(question!.answers).toEqual([
    { text: 'London', start: 8 },
    { text: 'London', start: undefined },
    { text: 'London.', start: undefined },
  ]);
  expect(question!.context.slice(8, 14)).toBe('London');
  const plain = parseSquad(file([asked([{ text: 'in', answer_start: 2 }])], 'A in'), 'dev.json');
  expect(plain[0]!.answers).toEqual([{ text: 'in', start: 2 }]);
});

it.each<[string, string, RegExp]>([
  ['cut off', '{"data": [', /dev\.json is not JSON/],
  ['a list', '[]', /the file: expected an object, got \[\]/],
  ['no data', '{}', /the file: expected a field "data"/],
  ['no list', '{"data": {}}', /data: expected a list, got \{\}/],
  ['a number for a text', file([asked([])], 7), /data\[0\]\.paragraphs\[0\]\.context: expected a text, got 7/],
  ['no id', file([{ question: 'q', answers: [] }]), /qas\[0\]: expected a field "id"/],
  ['an id twice', file([asked([]), asked([])]), /qas\[1\]\.id: expected an id of its own, got "a" of data\[0\]/],
  ['half an offset', file([asked([{ text: 'A', answer_start: 0.5 }])]), /answer_start: expected a whole number, got 0\.5/],
  ['null answers', file([asked(null)]), /answers: expected a list, got null/],
])('%s is refused by its place', (_, text, message) => {
  expect(() => parseSquad(text, 'dev.json')).toThrow(message);
});
