import { copyFile, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { loadTokenizer } from '../../load-tokenizer.ts';
import { sequencePacker } from '../../sequence-packer.ts';
import { trainTokenizer } from '../../train-tokenizer.ts';
import { readIndex } from './corpus-index.ts';
import type { CorpusSource } from './corpus-source.ts';
import { documentDigest, isHeldOut } from './document-digest.ts';
import { openPackedCorpus } from './open-packed-corpus.ts';
import { type PackCorpusOptions, packCorpus } from './pack-corpus.ts';

let folder: string;
let tokenizerFile: string;
let out: string;
let numbered = 0;
const texts = Array.from({ length: 60 }, (_, i) =>
  `The ${['cat', 'dog', 'bird'][i % 3]} sat on mat number ${i}. `.repeat(1 + (i % 7)),
);
const at = (name: string): string => join(folder, name);
const lines = (of: readonly string[]): string => of.map((text) => `${JSON.stringify({ text })}\n`).join('');
/** Three shards; the third tells documents of both others again, and one of its own twice. */
const parts = [texts.slice(0, 20), texts.slice(20, 45), [...texts.slice(45), texts[3]!, texts[30]!, texts[50]!]];
let named: readonly CorpusSource[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gmlp-pack-'));
  tokenizerFile = JSON.stringify(
    await trainTokenizer(
      texts.map((text) => ({ text })),
      { vocabularySize: 320 },
    ),
  );
  await writeFile(at('a.json.gz'), gzipSync(lines(parts[0]!)));
  await writeFile(at('b.jsonl'), lines(parts[1]!));
  await writeFile(at('c.jsonl'), lines(parts[2]!));
  named = ['a.json.gz', 'b.jsonl', 'c.jsonl'].map((name) => ({ kind: 'json-lines', file: at(name) }));
});
afterAll(() => rm(folder, { recursive: true }));
beforeEach(() => {
  out = at(`corpus-${numbered++}`);
});

const settings = { sequenceLength: 16, heldOut: 0.2, duplicates: 'drop' } as const;
const pack = (more: Partial<PackCorpusOptions> = {}, from = named) =>
  packCorpus(from, { ...settings, folder: out, tokenizerFile, threads: 1, ...more });

/** All that a corpus says, shard by shard as the files are. */
async function content(of: string): Promise<Record<string, string>> {
  const names = (await readdir(join(of, 'shards'))).sort();
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, (await readFile(join(of, 'shards', name))).toString('hex')])),
  );
}

/** What must come out, computed in memory. */
function expected(part: 'training' | 'validation', documents: readonly (readonly string[])[]): number[][] {
  const tokenizer = loadTokenizer(tokenizerFile);
  return documents.flatMap((shard) => {
    const packer = sequencePacker(tokenizer, settings.sequenceLength);
    const mine = shard.filter((text) => isHeldOut(documentDigest(text), settings.heldOut) === (part === 'validation'));
    return mine.flatMap((text) => [...packer.add(tokenizer.encode(text, { specialTokens: false }))].map((ids) => [...ids]));
  });
}

test('each document once, in the part that its hash says, whatever shard it lies in; the index tells all of it', async () => {
  const index = await pack();
  expect(index).toEqual(await readIndex(join(out, 'corpus.json')));
  const corpus = await openPackedCorpus(out, { vocabularySize: 320, sequenceLength: 16 });
  const once = [parts[0]!, parts[1]!, texts.slice(45)];
  for (const part of ['training', 'validation'] as const) {
    const wanted = expected(part, once);
    expect(corpus[part].count).toBe(wanted.length);
    const order = wanted.map((_, i) => wanted.length - 1 - i);
    const { data } = await corpus[part].batch(order);
    expect([...data]).toEqual([...wanted].reverse().flat());
  }
  expect(corpus.training.documents + corpus.validation.documents).toBe(60);
  expect(index.shards.map(({ repeated }) => repeated)).toEqual([0, 0, 3]);
  const tokenizer = loadTokenizer(tokenizerFile);
  const tokens = texts.map((text) => tokenizer.encode(text, { specialTokens: false }).length);
  const sum = (of: (shard: (typeof index.shards)[number]) => number): number =>
    index.shards.reduce((all, each) => all + of(each), 0);
  expect(sum(({ statistics }) => statistics.tokens)).toBe(tokens.reduce((all, each) => all + each, 0));
  expect(sum(({ statistics }) => statistics.lengths.reduce((all, each) => all + each, 0))).toBe(60);
  await expect(corpus.training.batch([corpus.training.count])).rejects.toThrow(/has no training sequence/);
  await corpus.close();
  await expect(corpus.training.batch([0])).rejects.toMatchObject({ code: 'disposed' });
});

test('any number of processes give the same files, and one that is started again makes nothing anew', async () => {
  await pack();
  const alone = await content(out);
  const other = at('of-three');
  for (const rank of [2, 0]) await pack({ folder: other, rank, world: 3 });
  const some = await openPackedCorpus(other); // the first shards are there to be trained on
  expect(some.index.shards.map(({ name }) => name)).toEqual([at('a.json.gz'), at('c.jsonl')]);
  await some.close();
  await pack({ folder: other, rank: 1, world: 3 });
  expect(await content(other)).toEqual(alone);
  const seen: string[] = [];
  await pack({ folder: other, onProgress: ({ stage }) => seen.push(stage) });
  expect(seen).toEqual([]);
  // A shard that is gone, and what a killed process left.
  const gone = Object.keys(alone).find((name) => name.startsWith('b-') && name.endsWith('.training.packed'))!;
  await rm(join(other, 'shards', gone));
  await writeFile(join(other, 'shards', `${gone}.123-abc.tmp`), 'a part');
  const done: number[] = [];
  await pack({ folder: other, onProgress: ({ shards }) => done.push(shards.all) });
  expect(done).toEqual([1]);
  expect(await content(other)).toEqual(alone);
});

test('one more shard changes no other and moves no document; an edited one is packed anew', async () => {
  await pack({}, named.slice(1));
  const before = await content(out);
  const index = await pack();
  expect(index.sources).toEqual([at('b.jsonl'), at('c.jsonl'), at('a.json.gz')]);
  const after = await content(out);
  for (const [name, bytes] of Object.entries(before)) expect(after[name]).toBe(bytes);
  await writeFile(at('edited.jsonl'), lines(texts.slice(0, 5)));
  const edited: CorpusSource = { kind: 'json-lines', file: at('edited.jsonl') };
  const elsewhere = at('edited-corpus');
  const first = await pack({ folder: elsewhere }, [edited]);
  await writeFile(at('edited.jsonl'), lines([...texts.slice(0, 4), 'Another.']));
  await utimes(at('edited.jsonl'), 1, 1);
  const second = await pack({ folder: elsewhere }, [edited]);
  expect(second.shards[0]!.text).not.toBe(first.shards[0]!.text);
});

test('text, JSON and parquet of the same documents are packed alike', async () => {
  const documents = parts[1]!;
  for (const [i, text] of documents.entries()) await writeFile(at(`${String(i).padStart(2, '0')}.txt`), text);
  const parquet = parquetWriteBuffer({ columnData: [{ name: 'text', data: [...documents], type: 'STRING' }], rowGroupSize: 10 });
  await writeFile(at('rows.parquet'), new Uint8Array(parquet));
  const files = documents.map((_, i) => `${String(i).padStart(2, '0')}.txt`);
  const kinds: readonly CorpusSource[] = [
    { kind: 'json-lines', file: at('b.jsonl') },
    { kind: 'text', name: 'texts', root: folder, files },
    { kind: 'parquet', file: at('rows.parquet') },
  ];
  const { shards } = await pack({ duplicates: 'keep', threads: 2 }, kinds);
  expect(new Set(shards.map(({ text }) => text)).size).toBe(1);
  expect(new Set(shards.map(({ parts: { training } }) => training.ids)).size).toBe(1);
  const wrong = pack({ folder: at('wrong-column') }, [{ kind: 'parquet', file: at('rows.parquet'), column: 'content' }]);
  await expect(wrong).rejects.toThrow(/rows\.parquet has no column "content"; it has text/);
});

test('what cannot be read is told with its record, or left out, counted and told', async () => {
  await writeFile(at('bad.jsonl'), `${lines(texts.slice(0, 2))}{"text": 5}\n${lines(texts.slice(2, 4))}`);
  const bad: readonly CorpusSource[] = [{ kind: 'json-lines', file: at('bad.jsonl') }];
  await expect(pack({}, bad)).rejects.toThrow(/bad\.jsonl, record 2: no text/);
  const told: unknown[] = [];
  const { shards } = await pack({ onBad: 'skip', onBadRecord: (record) => told.push(record) }, bad);
  expect(told).toMatchObject([{ file: at('bad.jsonl'), record: 2, reason: 'no text' }]);
  expect(shards[0]).toMatchObject({ leftOut: { 'no text': 1 }, statistics: { documents: 4 } });
});

test('other settings, a changed shard, another tokenizer, an index that leads out of the folder: refused by name', async () => {
  await pack();
  await expect(pack({ sequenceLength: 32 })).rejects.toThrow(/whose sequenceLength is 16, not 32/);
  await expect(pack({ rank: 3, world: 3 })).rejects.toMatchObject({ code: 'invalid-argument' });
  await expect(openPackedCorpus(out, { vocabularySize: 9 })).rejects.toThrow(/vocabularySize 320, expected 9/);
  await expect(openPackedCorpus(out, { shards: ['d'] })).rejects.toThrow(/the shard d of .* is no part of it any more/);
  await expect(openPackedCorpus(folder)).rejects.toMatchObject({ code: 'not-found' });
  const index = (await readIndex(join(out, 'corpus.json')))!;
  const [a, b] = index.shards.map(({ parts: { training } }) => join(out, training.file)) as [string, string];
  const whole = await readFile(a);
  await copyFile(b, a);
  await expect(openPackedCorpus(out)).rejects.toThrow(/the shard .*a\.json\.gz: its ids is [0-9a-f]{64}, the index says/);
  const flipped = Buffer.from(whole);
  flipped[192]! ^= 1;
  await writeFile(a, flipped);
  const corpus = await openPackedCorpus(out);
  await expect(corpus.training.batch([0])).rejects.toThrow(/training\.packed, sequence 0 .*checksum is wrong/);
  await corpus.close();
  await writeFile(a, whole);
  const json = await readFile(join(out, 'corpus.json'), 'utf8');
  const first = index.shards[0]!.parts.training;
  for (const [from, to, problem] of [
    [first.file, '../../elsewhere.packed', /shards\[0\]\.parts\.training\.file: expected a file in shards\//],
    ['"version": 1', '"version": 2', /has version 2, this gmlp reads version 1/],
    [first.ids, 'abc', /shards\[0\]\.parts\.training\.ids: expected a SHA-256/],
    [`"name": "${at('a.json.gz')}"`, '"name": "x"', /shards\[0\]\.name: expected one of its sources/],
    ['"shards": [', '"shards": [[],', /shards\[0\]: expected an object/],
    ['{', '', /expected JSON/],
  ] as const) {
    await writeFile(join(out, 'corpus.json'), json.replace(from, to));
    await expect(openPackedCorpus(out)).rejects.toThrow(problem);
  }
  await writeFile(join(out, 'corpus.json'), json);
  await writeFile(join(out, 'tokenizer.json'), `${tokenizerFile} `);
  await expect(openPackedCorpus(out)).rejects.toThrow(/is not the tokenizer that the corpus was packed with/);
});

test('a process that is stopped leaves whole shards and no index of others', async () => {
  const stopping = new AbortController();
  const stopped = pack({ signal: stopping.signal, onProgress: ({ stage }) => stage === 'pack' && stopping.abort() });
  await expect(stopped).rejects.toMatchObject({ code: 'aborted' });
  const index = (await readIndex(join(out, 'corpus.json')))!;
  expect(index.shards.length).toBeLessThan(3);
  expect((await pack()).shards.length).toBe(3);
});
