import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { loadTokenizer } from '../load-tokenizer.ts';
import { sentencePieceJson } from './sentencepiece-json.ts';

const { cases } = JSON.parse(readFileSync(new URL('../../goldens/tokenizers.json', import.meta.url), 'utf8')) as {
  readonly cases: readonly { readonly name: string; readonly model?: string }[];
};
const models = cases.flatMap(({ name, model }) => (model === undefined ? [] : [[name, Buffer.from(model, 'base64')] as const]));

test.each(models)('%s is the same inside JSON', (_, bytes) => {
  const [inside, alone] = [loadTokenizer(sentencePieceJson(bytes)), loadTokenizer(bytes)];
  const text = 'It was the best\nof times, 12,345 €';
  expect(inside.encode(text)).toEqual(alone.encode(text));
  expect(inside.vocabularySize).toBe(alone.vocabularySize);
});

test('another version, no model and what is not base 64 are refused', () => {
  const refused = (more: object) => () =>
    loadTokenizer(JSON.stringify({ format: 'gmlp-sentencepiece', version: 1, model: '', ...more }));
  expect(refused({ version: 2 })).toThrow('version 2; this release reads 1');
  expect(refused({ model: 3 })).toThrow('no model in base 64');
  expect(refused({ model: '§' })).toThrow('not in base 64');
  expect(refused({})).toThrow('has no pieces');
});
