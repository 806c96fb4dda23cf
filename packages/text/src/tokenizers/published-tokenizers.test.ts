/** Published tokenizers, id for id as the libraries that they were made with: `sentencepiece` and Hugging Face's `tokenizers`. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadTokenizer } from '../load-tokenizer.ts';

interface Expected {
  readonly file: string;
  readonly ids: readonly (readonly number[])[];
  readonly decoded: readonly string[];
}

const folder = join(process.env['GMLP_DATA'] ?? '', 'tokenizers');
const lines = existsSync(join(folder, 'expected.jsonl'))
  ? readFileSync(join(folder, 'expected.jsonl'), 'utf8').trim().split('\n')
  : [];
const [first, ...others] = lines.map((line) => JSON.parse(line) as unknown);
const { strings } = (first ?? { strings: [] }) as { readonly strings: readonly string[] };

if (lines.length === 0) test.skip('GMLP_DATA has no tokenizers/expected.jsonl: published tokenizers are not checked', () => {});
else {
  test.each((others as Expected[]).map((each) => [each.file, each] as const))(
    '%s',
    { timeout: 60_000 },
    (file, { ids, decoded }) => {
      const tokenizer = loadTokenizer(readFileSync(join(folder, file)));
      expect(strings.length).toBe(ids.length);
      for (const [index, text] of strings.entries()) {
        const found = [...tokenizer.framed(tokenizer.encode(text))];
        expect({ text, ids: found }).toEqual({ text, ids: ids[index] });
        expect({ text, decoded: tokenizer.decode(ids[index]!, { skipSpecialTokens: file.endsWith('.json') }) }).toEqual({
          text,
          decoded: decoded[index],
        });
      }
    },
  );
}
