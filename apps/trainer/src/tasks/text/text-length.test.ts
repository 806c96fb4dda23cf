import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bytesPerToken, textLength, textSize } from './text-length.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gmlp-length-'));
  await mkdir(join(folder, 'empty'));
  await mkdir(join(folder, 'plain'));
  for (const name of ['a.txt', 'b.md']) await writeFile(join(folder, 'plain', name), 'x'.repeat(850));
  await mkdir(join(folder, 'c4'));
  await writeFile(join(folder, 'c4', 'a.json.gz'), gzipSync(`${JSON.stringify({ text: 'The cat sat. '.repeat(500) })}\n`));
});
afterAll(() => rm(folder, { recursive: true }));

const rest = { heldOut: 1, vocabulary: 400 };

it('counts plain text by its bytes, and finds shards', async () => {
  const plain = await textLength({ source: 'text', path: join(folder, 'plain'), ...rest });
  expect(plain).toEqual({ documents: 2, tokens: 1700 / bytesPerToken(400) });
  const row = { length: 11, fresh: 10 };
  const sized = (change: object) => textSize({ source: 'text', path: join(folder, 'plain'), ...rest, ...change }, row);
  // Ids of two bytes, or of four, and a checksum a row.
  expect(await sized({})).toEqual({ units: 1000, trained: 0.5, bytes: 100 * 26 });
  const large = 1700 / 5.3;
  const rows = Math.ceil(large / 10);
  expect(await sized({ heldOut: 0.1, vocabulary: 70_000 })).toEqual({ units: large, trained: 0.9, bytes: rows * 48 });
  await expect(sized({ heldOut: 2 })).rejects.toThrow(/data\.heldOut is 2, but the text has 2 documents; hold out fewer/);
  expect(await textLength({ source: 'c4', path: join(folder, 'c4'), ...rest })).toMatchObject({ documents: 1 });
});

it('knows the addresses, of which the tokenizer of the recipe makes 2.5 million tokens', async () => {
  const { documents, tokens } = (await textLength({ source: 'sotu', heldOut: 12, vocabulary: 4096 }))!;
  expect(documents).toBe(233);
  expect(Math.abs(tokens / 2.5e6 - 1)).toBeLessThan(0.1);
});

it('says nothing of a text that is not there', async () => {
  for (const path of ['nowhere', 'empty'])
    for (const source of ['text', 'c4'] as const)
      expect(await textLength({ source, path: join(folder, path), ...rest })).toBeUndefined();
});

it('a token is the longer the more pieces there are, from a byte or so up, and never longer than was measured', () => {
  const lengths = [1, 330, 400, 600, 1024, 3000, 4096, 20_000, 32_000, 1e6].map(bytesPerToken);
  expect(lengths).toEqual([...lengths].sort((a, b) => a - b));
  expect([lengths[0], lengths.at(-1)]).toEqual([1.2, 5.3]);
  expect(bytesPerToken(Math.sqrt(1024 * 2048))).toBeCloseTo((2.9 + 3.6) / 2, 12);
});

it('a tokenizer that training would refuse is refused', async () => {
  const row = { length: 11, fresh: 10 };
  const sized = (tokenizer: string) => textSize({ source: 'text', path: join(folder, 'plain'), ...rest, tokenizer }, row);
  await expect(sized(join(folder, 'none.json'))).rejects.toThrow(/none\.json does not exist/);
  await writeFile(join(folder, 'broken.json'), '{}');
  await expect(sized(join(folder, 'broken.json'))).rejects.toThrow(/tokenizer/i);
});
