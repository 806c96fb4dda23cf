/** Whatever is in a SentencePiece file, it loads or is refused as invalid data. */
import { GmlpError } from '@gmlp/base';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadTokenizer } from '../load-tokenizer.ts';

const field = (number: number, bytes: readonly number[]): number[] => [number * 8 + 2, bytes.length, ...bytes];
const score = (value: number): number[] => [2 * 8 + 5, ...new Uint8Array(Float32Array.of(value).buffer)];
const piece = (text: string, value: number, type: number): number[] =>
  field(1, [...field(1, [...new TextEncoder().encode(text)]), ...score(value), 3 * 8, type]);
const pieces = [
  ...piece('<unk>', 0, 2),
  ...piece('<s>', 0, 3),
  ...piece('▁a', -1, 1),
  ...piece('b', -2, 1),
  ...piece('▁', -3, 1),
  ...piece('a', -4, 1),
];
const unigram = [...pieces, ...field(2, [3 * 8, 1])];
const bpe = [...pieces, ...field(2, [3 * 8, 2])];

test.each([
  ['unigram', unigram],
  ['BPE', bpe],
])('%s', (_, bytes) => {
  const tokenizer = loadTokenizer(Uint8Array.from(bytes));
  const ids = [...tokenizer.encode('  ab  b?? <s>')];
  expect(ids).toEqual([2, 3, 4, 3, 0, 4, 0]);
  expect(tokenizer.decode(tokenizer.encode('ab  b'))).toBe('ab b');
  expect([...tokenizer.framed(ids)]).toEqual(ids);
});

test.each<[string, readonly number[], string]>([
  ['a length beyond the end', [0x0a, 0xff, 0xff, 0xff, 0xff, 0x7f, 0], 'the data ends'],
  ['a number without an end', [0x0a, ...Array<number>(12).fill(0xff)], 'a number has no end'],
  ['words', [...pieces, ...field(2, [3 * 8, 3])], 'trainer_spec.model_type word, which is not read'],
  ['no pieces', field(2, [3 * 8, 1]), 'has no pieces'],
  ['a piece twice', [...unigram, ...piece('a', 0, 1)], 'twice'],
  ['no bytes to fall back to', [...pieces, ...field(2, [0x98, 0x02, 1])], 'lacks the piece <0x00>'],
  ['a trie beyond its bytes', [...unigram, ...field(3, field(2, [255, 255, 0, 0, 0, 0, 0, 0]))], 'says that its trie has'],
])('refuses %s', (_, bytes, message) => {
  expect(() => loadTokenizer(Uint8Array.from(bytes))).toThrow(message);
});

test('cut or changed anywhere', () => {
  fc.assert(
    fc.property(fc.nat(unigram.length - 1), fc.nat(255), fc.boolean(), (at, byte, cut) => {
      const bytes = cut ? unigram.slice(0, at) : unigram.with(at, byte);
      try {
        loadTokenizer(Uint8Array.from(bytes)).encode('a ab é <s>');
      } catch (error) {
        expect(GmlpError.isInstance(error) && error.code).toBe('invalid-data');
      }
    }),
    { numRuns: 500 },
  );
});
