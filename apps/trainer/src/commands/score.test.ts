import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCommand } from '../run-command.ts';

let folder: string;
const place = (name: string): string => join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gmlp-score-'));
  const qas = [
    { id: 'a', question: 'Who?', answers: [{ text: 'Ada Lovelace', answer_start: 0 }] },
    { id: 'b', question: 'Where?', answers: [] },
    { id: 'c', question: 'When?', answers: [{ text: '1843', answer_start: 1 }] },
  ];
  const data = { data: [{ title: 't', paragraphs: [{ context: 'Ada Lovelace wrote it in 1843.', qas }] }] };
  await writeFile(place('data.json'), JSON.stringify(data));
  await writeFile(place('some.json'), JSON.stringify({ a: 'Lovelace', b: '', z: 'elsewhere' }));
  await writeFile(place('null.json'), JSON.stringify({ a: 0.7, b: 0.9, z: 0 }));
  await writeFile(place('others.json'), JSON.stringify({ z: 'elsewhere' }));
  await writeFile(place('list.json'), '[]');
  await writeFile(place('cut.json'), '{"a": "x');
  await writeFile(place('numbers.json'), '{"a": 1}');
  await writeFile(place('latin.json'), Buffer.of(0x22, 0xe9, 0x22));
});
afterAll(() => rm(folder, { recursive: true }));

const score = (task: string, predictions: string, ...rest: string[]) =>
  runCommand(['score', task, '--data', place('data.json'), '--predictions', place(predictions), ...rest]);

it('prints the figures under the names of the official scripts, and says what else there was', async () => {
  const { code, out, err } = await score('squad1', 'some.json', '--json');
  expect(code).toBe(0);
  expect(JSON.parse(out)).toEqual({ exact_match: 0, f1: expect.closeTo((100 * (2 / 3)) / 3, 10) });
  expect(err).toContain('note: 1 answers of the data do not stand at their offset');
  expect(err).toContain('note: 1 predictions are of questions that the data does not have');
  expect(err).toContain('note: 1 questions have no prediction and count as wrong');

  const second = await score('squad2', 'some.json', '--json', '--na-prob-file', place('null.json'), '--na-prob-thresh', '0.5');
  expect(JSON.parse(second.out)).toEqual({
    ...{ exact: 50, f1: 50, total: 2 },
    ...{ HasAns_exact: 0, HasAns_f1: 0, HasAns_total: 1 },
    ...{ NoAns_exact: 100, NoAns_f1: 100, NoAns_total: 1 },
    ...{ best_exact: 50, best_exact_thresh: 0, best_f1: expect.closeTo(100 * (5 / 6), 10), best_f1_thresh: 0.7 },
  });
});

it.each<[string, string, readonly string[], number, RegExp]>([
  ['squad3', 'some.json', [], 2, /Allowed choices are squad1, squad2/],
  ['squad1', 'none.json', [], 1, /the predictions \S+none\.json does not exist/],
  ['squad1', 'others.json', [], 1, /answers none of the 3 questions of \S+data\.json: it is of other data/],
  ['squad1', 'list.json', [], 1, /list\.json: expected an object with an answer for each id/],
  ['squad1', 'cut.json', [], 1, /cut\.json: is not JSON/],
  ['squad1', 'numbers.json', [], 1, /expected an answer for the question "a", got 1/],
  ['squad1', 'latin.json', [], 1, /latin\.json is not UTF-8/],
  ['squad1', 'some.json', ['--na-prob-file', 'x'], 2, /leave --na-prob-file out/],
  ['squad2', 'some.json', ['--na-prob-thresh', 'much'], 2, /Expected a number/],
  ['squad2', 'some.json', ['--na-prob-file', 'some.json'], 1, /the probabilities some\.json does not exist/],
])('gmlp score %s of %s %j is refused', async (task, predictions, rest, code, message) => {
  const ended = await score(task, predictions, ...rest);
  expect({ code: ended.code, out: ended.out }).toEqual({ code, out: '' });
  expect(ended.err).toMatch(message);
});
