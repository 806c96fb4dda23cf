import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { countWords } from '../../word-counts.ts';
import type { BadRecord } from '../bad-records.ts';
import type { CorpusSource } from './corpus-source.ts';
import { countCorpusWords } from './count-corpus-words.ts';
import type { ReadProgress } from './read-progress.ts';

let folder: string;
let sources: readonly CorpusSource[];
const texts = Array.from({ length: 300 }, (_, i) => `The ${['cat', 'dog', 'bird'][i % 3]} sat, on mat number ${i}  again.\n`);
const lines = (of: readonly string[]): string => of.map((text) => `${JSON.stringify({ text })}\n`).join('');

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gmlp-count-'));
  await writeFile(join(folder, 'a.json.gz'), gzipSync(lines(texts.slice(0, 150))));
  for (const [index, name] of ['b', 'c', 'd', 'e'].entries()) {
    await writeFile(join(folder, `${name}.jsonl`), lines(texts.slice(150 + 30 * index, 180 + 30 * index)));
  }
  await writeFile(join(folder, 'f.txt'), texts.slice(270).join(''));
  sources = [
    ...['a.json.gz', 'b.jsonl', 'c.jsonl', 'd.jsonl', 'e.jsonl'].map(
      (name): CorpusSource => ({ kind: 'json-lines', file: join(folder, name) }),
    ),
    { kind: 'text', name: 'f.txt', root: folder, files: ['f.txt'] },
  ];
});
afterAll(() => rm(folder, { recursive: true }));

test('counts what is there, in the same order by any number of threads', async () => {
  const documents = [...texts.slice(0, 270), texts.slice(270).join('')].map((text) => ({ text }));
  const expected = await countWords(documents);
  const seen: ReadProgress[] = [];
  const one = await countCorpusWords(sources, { threads: 1, onProgress: (progress) => seen.push(progress) });
  expect(one).toEqual(expected);
  expect(seen.at(-1)).toMatchObject({ shards: { done: 6, all: 6 }, documents: 271 });
  expect(seen.at(-1)!.bytes.done).toBe(seen.at(-1)!.bytes.all);
  const three = await countCorpusWords(sources, { threads: 3 });
  expect([...three.words]).toEqual([...one.words]);
  expect([...three.characters]).toEqual([...one.characters]);
});

test('forgets the same words by any number of threads', async () => {
  const [one, three] = await Promise.all([1, 3].map((threads) => countCorpusWords(sources, { threads, maxDistinctWords: 100 })));
  expect(one!.forgotten).toBeGreaterThan(100);
  expect(one!.words.size).toBeLessThanOrEqual(100);
  expect(one!.words.get('▁cat')).toBe(100);
  expect([...three!.words]).toEqual([...one!.words]);
});

test('a record that cannot be read ends it by its name, or is left out and told of', async () => {
  const file = join(folder, 'bad.jsonl');
  await writeFile(file, `${lines(texts.slice(0, 2))}no JSON\n`);
  const bad: readonly CorpusSource[] = [{ kind: 'json-lines', file }];
  await expect(countCorpusWords(bad, { threads: 1 })).rejects.toThrow(/bad\.jsonl, record 2: broken JSON/);
  const left: BadRecord[] = [];
  const { documents } = await countCorpusWords(bad, { threads: 1, onBad: 'skip', onBadRecord: (each) => left.push(each) });
  expect([documents, left.map(({ record }) => record)]).toEqual([2, [2]]);
});

test('what a listener throws ends it', async () => {
  const onProgress = (): never => {
    throw new Error('no more');
  };
  await expect(countCorpusWords(sources, { threads: 1, onProgress })).rejects.toThrow('no more');
});

test('ends when it is told to, and asks for a text', async () => {
  await expect(countCorpusWords(sources, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'aborted' });
  await expect(countCorpusWords([])).rejects.toThrow('expected at least one shard');
});
