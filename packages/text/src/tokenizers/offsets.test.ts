/** Where pieces stand in a text. Those of WordPiece are compared with tokenizers' in ../squad/answering.golden.test.ts. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { beforeAll, describe, expect, it, test } from 'vitest';
import { loadTokenizer } from '../load-tokenizer.ts';
import type { Tokenizer } from '../tokenizer.ts';
import { trainTokenizer } from '../train-tokenizer.ts';
import { trainUnigramTokenizer } from '../train-unigram-tokenizer.ts';
import { readAlignedNormalizer } from './aligned-normalizers.ts';
import { alignedText } from './aligned-text.ts';
import { readNormalizer } from './normalizers.ts';

interface Case {
  readonly name: string;
  readonly file?: object;
  readonly model?: string;
}

const path = new URL('../../goldens/tokenizers.json', import.meta.url);
const { strings, cases } = JSON.parse(readFileSync(path, 'utf8')) as { readonly strings: string[]; readonly cases: Case[] };
const load = ({ file, model }: Case): Tokenizer =>
  loadTokenizer(file === undefined ? Buffer.from(model!, 'base64') : JSON.stringify(file));

const anyText = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.string({ unit: 'binary' }),
      fc.constantFrom(...strings, ' ', 'the ', '가각ᄀ', '각힣', 'ｶﾞｷﾞ', '\ud83d', '[SEP]', '▁'),
    ),
    { maxLength: 6 },
  )
  .map((parts) => parts.join(''));

describe.each(cases.map((each) => [each.name, each] as const))('%s', (_, each) => {
  const tokenizer = load(each);
  const keeps = (() => {
    try {
      tokenizer.encodeWithOffsets('');
      return true;
    } catch {
      return false;
    }
  })();

  it.skipIf(!keeps)('has the same ids with offsets as without, each piece at its place, in order', () => {
    fc.assert(
      fc.property(anyText, fc.boolean(), (text, specialTokens) => {
        const { ids, starts, ends } = tokenizer.encodeWithOffsets(text, { specialTokens });
        expect([...ids]).toEqual([...tokenizer.encode(text, { specialTokens })]);
        let before = 0;
        for (const [piece, start] of starts.entries()) {
          expect(start).toBeGreaterThanOrEqual(before === 0 ? 0 : starts[piece - 1]!);
          expect(ends[piece]).toBeGreaterThanOrEqual(start);
          expect(ends[piece]).toBeLessThanOrEqual(text.length);
          before++;
        }
      }),
      { numRuns: 60 },
    );
  });

  it.skipIf(keeps)('refuses to place pieces, and names the part', () => {
    expect(() => tokenizer.encodeWithOffsets('a')).toThrow(
      /^encodeWithOffsets: (a SentencePiece model's normalisation|normalizer\S* \(Precompiled\)|pre_tokenizer\S* \(ByteLevel\)) does not keep/,
    );
  });
});

test('of the kinds that were made for this file some keep places and some do not', () => {
  const keeping = cases.filter((each) => {
    try {
      return load(each).encodeWithOffsets('a').ids.length >= 0;
    } catch {
      return false;
    }
  });
  expect(keeping.map(({ name }) => name)).toEqual(expect.arrayContaining(['WordPiece, cased', 'WordPiece, uncased']));
  expect(keeping.length).toBeLessThan(cases.length);
});

test.each<[string, object]>([
  ['BERT', { type: 'BertNormalizer' }],
  ['BERT, cased', { type: 'BertNormalizer', lowercase: false }],
  ...(['NFC', 'NFD', 'NFKC', 'NFKD', 'Lowercase', 'StripAccents', 'Strip'] as const).map((type): [string, object] => [
    type,
    { type },
  ]),
  ['NFD and StripAccents', { type: 'Sequence', normalizers: [{ type: 'NFD' }, { type: 'StripAccents' }] }],
  ['Replace', { type: 'Replace', pattern: { String: 'th' }, content: 'þ' }],
  ['Prepend', { type: 'Prepend', prepend: '▁' }],
])('%s makes the same text with places as without', (_, normalizer) => {
  const [plain, aligned] = [readNormalizer(normalizer), readAlignedNormalizer(normalizer)];
  fc.assert(
    fc.property(anyText, (text) => {
      const whole = text.replace(/\p{Surrogate}/gu, '\ufffd');
      const { text: made, starts, ends } = aligned(alignedText(whole));
      expect(made).toBe(plain(whole));
      expect([starts.length, ends.length]).toEqual([made.length, made.length]);
    }),
    { numRuns: 150 },
  );
});

test('what a letter was made of is its place, and a run whose marks change their order is one', () => {
  const places = (text: string, normalizer: object): readonly string[] => {
    const { text: made, starts, ends } = readAlignedNormalizer(normalizer)(alignedText(text));
    return Array.from(made, (unit, at) => `${unit}=${text.slice(starts[at], ends[at])}`);
  };
  expect(places('Éa', { type: 'BertNormalizer' })).toEqual(['e=É', 'a=a']);
  expect(places('e\u0301a', { type: 'NFC' })).toEqual(['é=e\u0301', 'a=a']);
  expect(places('ﬁx', { type: 'NFKC' })).toEqual(['f=ﬁ', 'i=ﬁ', 'x=x']);
  expect(places('아', { type: 'NFD' })).toEqual(['ᄋ=아', 'ᅡ=아']);
});

describe.each([
  ['trainTokenizer', trainTokenizer],
  ['trainUnigramTokenizer', trainUnigramTokenizer],
])('a tokenizer that %s made', (_, train) => {
  let tokenizer: Tokenizer;
  beforeAll(async () => {
    const text = 'the cat sat on the mat, and the dog sat on the cat; wie größer die Katze ';
    tokenizer = loadTokenizer(await train([{ text: text.repeat(4) }], { vocabularySize: 310 }));
  });
  const pieces = (text: string) => {
    const { ids, starts, ends } = tokenizer.encodeWithOffsets(text);
    return Array.from(ids, (id, at) => [tokenizer.pieceOf(id), text.slice(starts[at], ends[at])] as const);
  };

  it('places each piece on its own text, without the space before it', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const { ids } = tokenizer.encodeWithOffsets(text);
        expect([...ids]).toEqual([...tokenizer.encode(text)]);
        for (const [piece, place] of pieces(text)) {
          if (/^<0x..>$/.test(piece)) expect([...place]).toHaveLength(1);
          else if (piece.length > 1 && !piece.startsWith('[')) {
            expect(place.replaceAll('▁', ' ')).toBe(piece.replace(/^▁/, '').replaceAll('▁', ' '));
          }
        }
      }),
      { numRuns: 150, examples: [['▁the '], ['a ▁the▁ ▁cat']] },
    );
  });

  it('gives the bytes of a character its place', () => {
    const found = pieces('the 👍🏽 cat');
    expect(found.filter(([piece]) => /^<0x/.test(piece)).map(([, place]) => place)).toEqual([
      ...Array<string>(4).fill('👍'),
      ...Array<string>(4).fill('🏽'),
    ]);
    const [first, ...others] = pieces('[SEP] cat[MASK]').map(([, place]) => place);
    expect([first, others.at(-1), others.slice(0, -1).join('').trim()]).toEqual(['[SEP]', '[MASK]', 'cat']);
  });
});
