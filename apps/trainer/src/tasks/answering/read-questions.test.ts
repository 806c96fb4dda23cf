import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { key } from '@gmlp/base';
import type { SquadQuestion } from '@gmlp/text';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { leftOutRecords } from '../classification/left-out-records.ts';
import { usualLayout } from './answering-data.ts';
import { answeringFile, formatAnswering, readAnswering } from './answering-file.ts';
import { heldOutQuestions, readQuestions } from './read-questions.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gmlp-questions-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function fileOf(asked: readonly { question?: string; context?: string; answers?: readonly object[] }[]): Promise<string> {
  const paragraphs = asked.map(({ question = 'Where?', context = 'in Rome', answers = [] }, id) => ({
    context,
    qas: [{ id: `${id}`, question, answers }],
  }));
  const path = join(folder, 'train.json');
  await writeFile(path, JSON.stringify({ version: '2.0', data: [{ title: 't', paragraphs }] }));
  return path;
}
const ids = (questions: readonly SquadQuestion[]): readonly string[] => questions.map(({ id }) => id);
const stop = leftOutRecords({}).report;

it('a question whose answer does not stand at its offset is not trained on, and counted; it is measured', async () => {
  const path = await fileOf([
    { answers: [{ text: 'Rome', answer_start: 3 }] },
    { answers: [{ text: 'Rome', answer_start: 4 }] },
    {
      answers: [
        { text: 'Rom', answer_start: 9 },
        { text: 'Rome', answer_start: 3 },
      ],
    },
    {},
  ]);
  const read = await readQuestions(path, 'train', stop);
  expect([ids(read.questions), read.misplaced]).toEqual([['0', '2', '3'], 1]);
  expect(ids((await readQuestions(path, 'measure', stop)).questions)).toEqual(['0', '1', '2', '3']);
});

it('half a surrogate pair ends the reading with its record, or is left out and counted', async () => {
  const path = await fileOf([{}, { question: 'a \ud83d?' }, { context: '\udc4d' }]);
  await expect(readQuestions(path, 'train', stop)).rejects.toThrow(
    /train\.json, record 1: half a surrogate pair \(in its question\); repair it, or leave/,
  );
  const bad = leftOutRecords({ onBad: 'skip' });
  expect(ids((await readQuestions(path, 'train', bad.report)).questions)).toEqual(['0']);
  expect([...bad.counts]).toEqual([['half a surrogate pair', 2]]);
  await expect(readQuestions(await fileOf([{ question: '\ud83d' }]), 'train', bad.report)).rejects.toThrow(
    'has no question that can be used',
  );
});

it('texts are held out whole, with all their questions', () => {
  const question = (id: number, context: string): SquadQuestion => ({ id: `${id}`, question: '', context, answers: [] });
  const all = Array.from({ length: 40 }, (_, id) => question(id, `text ${Math.floor(id / 4)}`));
  for (const held of [0.2, 2]) {
    const [training, validation] = heldOutQuestions(all, held, key(1));
    expect([training.length, validation.length]).toEqual([32, 8]);
    const texts = new Set(validation.map(({ context }) => context));
    expect(training.some(({ context }) => texts.has(context))).toBe(false);
  }
  expect(() => heldOutQuestions(all, 10, key(1))).toThrow(/questions about 10 texts; hold out fewer/);
});

it('answering.json gives back what was written, and refuses what is none', () => {
  const read = (text: string) => readAnswering(new Map([[answeringFile, text]]));
  for (const layout of [usualLayout, { noAnswer: true, stride: 7, questionTokens: 8, answerTokens: 9 }])
    expect(read(formatAnswering(layout))).toEqual(layout);
  expect(() => readAnswering(new Map())).toThrow('no answering.json');
  expect(() => read('{')).toThrow('answering.json');
  const whole = JSON.parse(formatAnswering(usualLayout)) as object;
  expect(() => read(JSON.stringify({ ...whole, version: 2 }))).toThrow('update gmlp');
  expect(() => read(JSON.stringify({ ...whole, stride: 0 }))).toThrow(/answering\.json: stride: /);
});
