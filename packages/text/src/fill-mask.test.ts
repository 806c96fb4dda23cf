import { hostArray } from '@gmlp/base';
import { beforeAll, expect, it } from 'vitest';
import { encodeSentences, likeliest } from './fill-mask.ts';
import { loadTokenizer } from './load-tokenizer.ts';
import type { Tokenizer } from './tokenizer.ts';
import { trainTokenizer } from './train-tokenizer.ts';

let tokenizer: Tokenizer;
beforeAll(async () => {
  const text = 'the cat sat on the mat and the dog sat on the cat '.repeat(4);
  tokenizer = loadTokenizer(await trainTokenizer([{ text }], { vocabularySize: 285 }));
});

it('repeats a sentence to the full length and asks about its first mask', () => {
  const tokens = 24;
  const { ids, positions } = encodeSentences(['the [MASK] sat'], tokenizer, tokens);
  const mask = tokenizer.specialIds.get('[MASK]')!;
  expect(ids.shape).toEqual([1, tokens]);
  expect(ids.data[0]).toBe(tokenizer.specialIds.get('[CLS]'));
  expect(ids.data.indexOf(mask)).toBe(positions.data[0]);
  expect([...ids.data].includes(tokenizer.specialIds.get('[PAD]')!)).toBe(false);
});

it('asks about each mask of each sentence', () => {
  const { ids, positions } = encodeSentences(['the [MASK] sat on the [MASK]', '[MASK] dog'], tokenizer, 24);
  const mask = tokenizer.specialIds.get('[MASK]')!;
  expect(ids.shape).toEqual([3, 24]);
  const rows = [0, 1, 2].map((row) => [...ids.data.subarray(24 * row, 24 * (row + 1))]);
  expect(rows[0]).toEqual(rows[1]);
  const [first, second, third] = positions.data as unknown as [number, number, number];
  expect(second).toBeGreaterThan(first);
  expect([rows[0]![first], rows[1]![second], rows[2]![third]]).toEqual([mask, mask, mask]);
  const logits = hostArray('float32', [3, 1, tokenizer.vocabularySize], new Float32Array(3 * tokenizer.vocabularySize));
  expect(likeliest(logits, tokenizer, ['the [MASK] sat on the [MASK]', '[MASK] dog'], 1)).toMatchObject([
    { before: 'the ', after: ' sat on the [MASK]' },
    { before: 'the [MASK] sat on the ', after: '' },
    { before: '', after: ' dog' },
  ]);
});

it('refuses a sentence without a mask or too long', () => {
  const encode = (sentence: string) => () => encodeSentences([sentence], tokenizer, 24);
  for (const sentence of ['the cat', '']) expect(encode(sentence)).toThrow(/no \[MASK\] in this text; put it where the model/);
  for (const meant of ['[mask]', '[Mask]', '[ MASK ]', '<mask>'])
    expect(encode(`the ${meant} sat`)).toThrow(
      `there is no [MASK] in this text; write [MASK] in the place of ${meant}: the ${meant} sat`,
    );
  expect(encode(`[MASK] ${'cat '.repeat(50)}`)).toThrow(/this text has \d\d+ pieces, the model reads 22 at once; shorten it/);
});

it('gives the likeliest pieces with the probabilities of a softmax', () => {
  const vocabulary = tokenizer.vocabularySize;
  const logits = new Float32Array(vocabulary).fill(-1000);
  logits[270] = 500 + Math.log(3);
  logits[280] = 500;
  const [filled] = likeliest(hostArray('float32', [1, 1, vocabulary], logits), tokenizer, ['a [MASK] b'], 2);
  expect(filled).toMatchObject({ before: 'a ', after: ' b' });
  expect(filled!.guesses.map(({ piece }) => piece)).toEqual([tokenizer.pieceOf(270), tokenizer.pieceOf(280)]);
  expect(filled!.guesses[0]!.probability).toBeCloseTo(0.75, 5);
  expect(filled!.guesses[1]!.probability).toBeCloseTo(0.25, 5);
});

it('refuses scores that are no numbers, as a broken model gives them', () => {
  const vocabulary = tokenizer.vocabularySize;
  for (const hole of [Number.NaN, Number.POSITIVE_INFINITY]) {
    const logits = hostArray('float32', [1, 1, vocabulary], new Float32Array(vocabulary));
    logits.data[7] = hole;
    expect(() => likeliest(logits, tokenizer, ['a [MASK] b'])).toThrow(
      `likeliest: expected scores that are numbers, got ${hole}`,
    );
  }
});
