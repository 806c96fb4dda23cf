import { expect, it } from 'vitest';
import * as z from 'zod/mini';
import { answeringDataSchema } from '../answering/answering-data.ts';
import { classificationDataSchema } from './classification-data.ts';
import { expectFullBatch } from './told-of-rows.ts';

it('a batch that is never full is refused with how many rows there are', () => {
  const words = { rows: 'windows', taken: 'questions' };
  expect(() => expectFullBatch(8, 8, words)).not.toThrow();
  expect(() => expectFullBatch(1234, 2000, words)).toThrow(
    'train: there are 1,234 windows to train on, fewer than a batch has (batchSize 2000); take more questions, or a smaller batchSize',
  );
});

it.each<[string, z.ZodMiniType, object]>([
  ['classes', classificationDataSchema, { path: 'a.tsv', tokenizer: 't.json', classes: ['a', 'b'] }],
  ['answers', answeringDataSchema, { path: 'a.json', tokenizer: 't.json' }],
])('of %s a whole number of texts is held out, or a part below 1', (_, schema, data) => {
  for (const heldOut of [0.5, 1, 7]) expect(z.safeParse(schema, { ...data, heldOut }).success).toBe(true);
  const { error } = z.safeParse(schema, { ...data, heldOut: 1.5 });
  expect(error?.issues.map(({ path, message }) => [path, message])).toEqual([
    [['heldOut'], 'expected a number of texts, or a part of them between 0 and 1, got 1.5'],
  ]);
});
