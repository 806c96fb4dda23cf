/** The way of text through the package, by its public entries: shard -> documents -> tokenizer -> packed file -> batches -> masks. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { key, split } from '@gmlp/base';
import {
  expectVocabulary,
  loadTokenizer,
  maskOptions,
  maskTokens,
  packDocuments,
  shuffledBatches,
  trainTokenizer,
} from '@gmlp/text';
import { openPacked, readC4, writePacked } from '@gmlp/text/node';
import { expect, test } from 'vitest';

async function run(shard: string, vocabularySize: number, folder: string): Promise<string> {
  const tokenizer = loadTokenizer(await trainTokenizer(readC4(shard), { vocabularySize }));
  expectVocabulary(tokenizer, vocabularySize);
  const path = join(folder, 'train.packed');
  const { count } = await writePacked(path, packDocuments(readC4(shard), tokenizer, { sequenceLength: 32 }), {
    sequenceLength: 32,
    vocabularySize,
  });
  const file = await openPacked(path, tokenizer);
  const seen: string[] = [];
  for (const { indices, next } of shuffledBatches(count, 2, key(1), { epochs: 1 })) {
    const { ids, positions, labels } = maskTokens(await file.batch(indices), split(key(2), next.batch), maskOptions(tokenizer));
    expect(ids.shape).toEqual([2, 32]);
    expect(positions.shape).toEqual([2, 5]);
    for (const [i, label] of labels.data.entries())
      expect(label).toBe((await file.sequence(indices[Math.floor(i / 5)]!))[positions.data[i]!]);
    seen.push(tokenizer.decode(ids.data));
  }
  await file.close();
  return seen.join('\n');
}

test('made-up documents, twice the same', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gmlp-pipeline-'));
  const shard = join(folder, 'c4-train.00000-of-01024.json.gz');
  const text = 'It was the best of times, it was the worst of times. ';
  await writeFile(
    shard,
    gzipSync(Array.from({ length: 30 }, (_, i) => JSON.stringify({ text: text.repeat(1 + (i % 3)) })).join('\n')),
  );
  const first = await run(shard, 300, folder);
  expect(first).toContain('[MASK]');
  expect(await run(shard, 300, folder)).toBe(first);
  await rm(folder, { recursive: true });
});

const data = process.env['GMLP_DATA'];
test.skipIf(data === undefined)(
  `real documents of C4${data === undefined ? ' (skipped: GMLP_DATA names no folder with c4/)' : ''}`,
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gmlp-pipeline-'));
    const shard = join(data!, 'c4', 'c4-train.00000-of-01024.json.gz');
    let documents = 0;
    for await (const { text, timestamp, url } of readC4(shard)) {
      expect(text.length).toBeGreaterThan(0);
      expect(timestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
      expect(url).toMatch(/^https?:\/\//);
      documents++;
    }
    expect(documents).toBeGreaterThan(0);
    expect(await run(shard, 500, folder)).toContain('[MASK]');
    await rm(folder, { recursive: true });
  },
);
