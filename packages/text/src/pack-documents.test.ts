import { GmlpError } from '@gmlp/base';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { loadTokenizer } from './load-tokenizer.ts';
import { packDocuments } from './pack-documents.ts';
import type { Tokenizer } from './tokenizer.ts';
import { trainTokenizer } from './train-tokenizer.ts';

let tokenizer: Tokenizer;
beforeAll(async () => {
  tokenizer = loadTokenizer(await trainTokenizer([{ text: 'one two three' }], { vocabularySize: 275, minFrequency: 1 }));
});

async function pack(texts: readonly string[], sequenceLength: number): Promise<number[][]> {
  const sequences: number[][] = [];
  const documents = texts.map((text) => ({ text }));
  for await (const sequence of packDocuments(documents, tokenizer, { sequenceLength })) sequences.push([...sequence]);
  return sequences;
}

const [start, separator] = [2, 3];

test('each sequence is [CLS] and the next tokens of one stream, in which [SEP] ends each document that is not empty', async () => {
  const texts = fc.array(fc.constantFrom('', 'one', 'one two', 'three [SEP] [PAD]', 'two three one two three'), { maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(texts, fc.integer({ min: 2, max: 9 }), async (list, length) => {
      const encoded = list.map((text) => [...tokenizer.encode(text, { specialTokens: false })]).filter((ids) => ids.length > 0);
      const stream = encoded.flatMap((ids) => [...ids, separator]);
      const packed = await pack(list, length);
      for (const sequence of packed) {
        expect(sequence.length).toBe(length);
        expect(sequence[0]).toBe(start);
      }
      const whole = Math.floor(stream.length / (length - 1));
      expect(packed.flatMap((sequence) => sequence.slice(1))).toEqual(stream.slice(0, whole * (length - 1)));
    }),
  );
});

test('a length below 2 is an error', async () => {
  await expect(pack(['one'], 1)).rejects.toThrow(GmlpError);
});
