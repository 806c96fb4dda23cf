import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type BpeModel, bpeEncoder } from './bpe-encoder.ts';
import { atOnce } from './in-turns.ts';
import { tokenizerJson } from './tokenizer-json.ts';
import { trainBpe } from './train-bpe.ts';

/** Applies the merge of lowest rank, everywhere from the left, again and again. */
function encodeNaively({ vocab, merges }: BpeModel, word: string): number[] {
  let symbols = [...word];
  for (;;) {
    const ranks = symbols.slice(1).map((right, i) => merges.findIndex(([a, b]) => a === symbols[i] && b === right));
    const best = Math.min(...ranks.filter((rank) => rank >= 0));
    if (best === Number.POSITIVE_INFINITY) break;
    const at = ranks.indexOf(best);
    symbols = [...symbols.slice(0, at), symbols[at]! + symbols[at + 1]!, ...symbols.slice(at + 2)];
  }
  const byte = (value: number): number => vocab[`<0x${value.toString(16).toUpperCase().padStart(2, '0')}>`]!;
  return symbols.flatMap((symbol) => vocab[symbol] ?? [...new TextEncoder().encode(symbol)].map(byte));
}

const alphabet = ['a', 'b', 'c', '▁'];
const training = fc.array(
  fc.tuple(fc.array(fc.constantFrom(...alphabet), { minLength: 1, maxLength: 10 }), fc.integer({ min: 1, max: 5 })),
  { minLength: 1, maxLength: 20 },
);

test('agrees with the definition, on words of known and unknown characters', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '▁', 'é', '😀', '\u0000'), maxLength: 30 });
  fc.assert(
    fc.property(training, word, (words, text) => {
      const { model } = tokenizerJson(['[PAD]'], alphabet, atOnce(trainBpe(words, alphabet, { merges: 40, minFrequency: 1 })));
      expect([...bpeEncoder(model)(text)]).toEqual(encodeNaively(model, text));
    }),
    { numRuns: 500 },
  );
});

test('a word of 400,000 characters takes no quadratic time', () => {
  const { model } = tokenizerJson([], alphabet, atOnce(trainBpe([[[...'aaaaaaaa'], 9]], alphabet, { merges: 3 })));
  const ids = bpeEncoder(model)('a'.repeat(400_000));
  expect(ids.length).toBe(50_000);
  expect(new Set(ids).size).toBe(1);
});
