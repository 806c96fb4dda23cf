import { GmlpError } from '@gmlp/base';
import { expect, test } from 'vitest';
import { loadTokenizer } from './load-tokenizer.ts';
import { trainTokenizer } from './train-tokenizer.ts';

const verse =
  'Of Mans First Disobedience, and the Fruit Of that Forbidden Tree, whose mortal tast Brought Death into the World. ';
const texts = [
  { text: verse.repeat(3) },
  { text: 'All our woe, With loss of Eden, till one greater Man Restore us, and regain the blissful Seat.' },
];
const failure = async (promise: Promise<unknown>): Promise<GmlpError> => {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!GmlpError.isInstance(error)) throw new Error(`expected a GmlpError, got ${String(error)}`);
  return error;
};

test('has just as many pieces as asked for: special tokens, bytes, alphabet, merges', async () => {
  for (const vocabularySize of [310, 333, 350]) {
    const tokenizer = loadTokenizer(await trainTokenizer(texts, { vocabularySize }));
    expect(tokenizer.vocabularySize).toBe(vocabularySize);
    expect([...tokenizer.specialIds]).toEqual([['[PAD]', 0], ['[UNK]', 1], ['[CLS]', 2], ['[SEP]', 3], ['[MASK]', 4]]); // biome-ignore format: pairs
    expect(tokenizer.pieceOf(5 + 0x0a)).toBe('<0x0A>');
  }
});

test('is the same for the same texts in any order, and cased', async () => {
  const options = { vocabularySize: 330 };
  const json = JSON.stringify(await trainTokenizer(texts, options));
  expect(JSON.stringify(await trainTokenizer([...texts].reverse(), options))).toBe(json);
  const tokenizer = loadTokenizer(json);
  expect([...tokenizer.encode('Of')]).not.toEqual([...tokenizer.encode('of')]);
});

test('no piece crosses a space or mixes letters with punctuation or digits', async () => {
  const text = 'one,two 12three (one) one,two 12three one, '.repeat(20);
  const json = await trainTokenizer([{ text }], { vocabularySize: 286, minFrequency: 1 });
  const pieces = Object.keys(json.model.vocab).filter((piece) => json.model.vocab[piece]! >= 5 + 256);
  expect(pieces).toContain('▁one');
  for (const piece of pieces) expect(piece).toMatch(/^▁?(\p{L}*|\p{N}*|[^\p{L}\p{N}▁]*)$/u);
});

test('takes special tokens, coverage and shows its progress', async () => {
  const stages: string[] = [];
  const json = await trainTokenizer([{ text: `${'ab ab abc '.repeat(100)}é` }], {
    vocabularySize: 1 + 256 + 4 + 2,
    specialTokens: ['<mask>'],
    characterCoverage: 0.99,
    onProgress: (progress) => stages.push(progress.stage),
  });
  expect(json.model.vocab).toMatchObject({ '<mask>': 0, '<0x00>': 1, a: 257, b: 258, c: 259, '▁': 260 });
  expect(json.model.vocab['é']).toBeUndefined();
  expect(stages).toEqual(['count', 'merge', 'merge']);
});

test('pieces named like parts of JavaScript objects or of the vocabulary do no harm', async () => {
  const text = '__proto__ constructor <0x41> [MASK] 7 toString '.repeat(50);
  const json = await trainTokenizer([{ text }], { vocabularySize: 310, minFrequency: 1 });
  const tokenizer = loadTokenizer(JSON.stringify(json));
  expect(tokenizer.vocabularySize).toBe(310);
  const ids = tokenizer.encode(text, { specialTokens: false });
  expect(tokenizer.decode(ids)).toBe(text);
  expect([...ids].every((id) => id > 5 + 255)).toBe(true);
});

test('too little text, too small a vocabulary and senseless options are errors that say what to do', async () => {
  const little = await failure(trainTokenizer(texts, { vocabularySize: 5000 }));
  expect(little.code).toBe('invalid-data');
  expect(little.message).toMatch(/yields \d+ pieces, expected 5000; give more text or a smaller/);
  const small = await failure(trainTokenizer(texts, { vocabularySize: 270 }));
  expect(small.message).toMatch(/vocabularySize 270 does not hold 5 special tokens, 256 bytes and an alphabet of \d+/);
  for (const wrong of [
    { vocabularySize: 0 },
    { vocabularySize: 300.5 },
    { vocabularySize: 300, characterCoverage: 0 },
    { vocabularySize: 300, minFrequency: 0 },
    { vocabularySize: 300, specialTokens: ['a', 'a'] },
    { vocabularySize: 300, specialTokens: ['<0x00>'] },
    { vocabularySize: 300, specialTokens: [''] },
  ]) {
    expect((await failure(trainTokenizer(texts, wrong))).code).toBe('invalid-argument');
  }
  expect((await failure(trainTokenizer([], { vocabularySize: 300 }))).code).toBe('invalid-data');
});

test.each(['▁', 'a▁b', '\ud800'])('refuses the special token %j, which no text or file can hold', async (token) => {
  const { code, message } = await failure(trainTokenizer(texts, { vocabularySize: 330, specialTokens: [token] }));
  expect(code).toBe('invalid-argument');
  expect(message).toMatch(/special tokens/);
});
