/** Small tokenizers of every kind, against what the libraries that trained them say: goldens/make-goldens.py. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { loadTokenizer } from '../load-tokenizer.ts';

interface Case {
  readonly name: string;
  /** A tokenizer.json. */
  readonly file?: object;
  /** A SentencePiece model, in base 64. */
  readonly model?: string;
  readonly ids: readonly (readonly number[])[];
  readonly decoded: readonly string[];
}

const path = new URL('../../goldens/tokenizers.json', import.meta.url);
const { strings, cases } = JSON.parse(readFileSync(path, 'utf8')) as { readonly strings: string[]; readonly cases: Case[] };
const contentOf = ({ file, model }: Case): string | Uint8Array =>
  file === undefined ? Buffer.from(model!, 'base64') : JSON.stringify(file);

describe.each(cases.map((each) => [each.name, each] as const))('%s', (_, each) => {
  const tokenizer = loadTokenizer(contentOf(each));

  it.each(strings.map((text, index) => [text, index] as const))('%j', (text, index) => {
    expect([...tokenizer.framed(tokenizer.encode(text))]).toEqual(each.ids[index]);
    expect(tokenizer.decode(each.ids[index]!, { skipSpecialTokens: each.file !== undefined })).toBe(each.decoded[index]);
  });
});

/** Those that change no text on its way, and spell in bytes what they have no piece for. */
test.each([['byte-level BPE'], ['SentencePiece, BPE with byte fallback'], ['SentencePiece, unigram with byte fallback']])(
  '%s gives back any text',
  (name) => {
    const tokenizer = loadTokenizer(contentOf(cases.find((each) => each.name === name)!));
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }), (one, other) => {
        // ▁ is a space to SentencePiece.
        const text = `${one} ${other}`.replaceAll('▁', '_');
        expect(tokenizer.decode(tokenizer.encode(text, { specialTokens: false }))).toBe(text);
      }),
      { numRuns: 300 },
    );
  },
);
