import { expect, it } from 'vitest';
import { packedInMemory } from './packed-sequences.ts';

const sequences = [Int32Array.of(1, 2), Int32Array.of(3, 4), Int32Array.of(5, 6)];

it('gives the rows that are asked for, in their order', async () => {
  const packed = packedInMemory(sequences, 9);
  expect(packed).toMatchObject({ count: 3, vocabularySize: 9 });
  const { shape, data } = await packed.batch([2, 0, 2]);
  expect(shape).toEqual([3, 2]);
  expect([...data]).toEqual([5, 6, 1, 2, 5, 6]);
});

it('refuses a row that is not there, and sequences of several lengths', async () => {
  await expect(packedInMemory(sequences, 9).batch([3])).rejects.toThrow(/no sequence 3; there are 3/);
  expect(() => packedInMemory([...sequences, Int32Array.of(7)], 9)).toThrow(/one length, got 2 and 1/);
});
