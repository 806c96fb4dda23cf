import { createWriteStream, existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createGzip, gzipSync } from 'node:zlib';
import { GmlpError } from '@gmlp/base';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TextDocument } from '../text-document.ts';
import type { DocumentStream } from './bad-records.ts';
import { type ReadOptions, readC4 } from './read-c4.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gmlp-c4-'));
});
afterAll(() => rm(folder, { recursive: true }));

let files = 0;
async function shard(
  content: string | Uint8Array,
  name = `c4-train.${String(files++).padStart(5, '0')}-of-01024.json.gz`,
): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

async function all(stream: DocumentStream<TextDocument>): Promise<TextDocument[]> {
  const documents: TextDocument[] = [];
  for await (const document of stream) documents.push(document);
  return documents;
}

async function failure(file: string, options: ReadOptions = {}): Promise<GmlpError> {
  const error: unknown = await all(readC4(file, options)).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!GmlpError.isInstance(error)) throw new Error(`expected a GmlpError, got ${String(error)}`);
  return error;
}

const record = (text: string): string => JSON.stringify({ text, timestamp: '2019-04-25T12:57:54Z', url: 'https://example.org/' });
const lines = Array.from({ length: 40 }, (_, i) => record(`document ${i} — ${'ü😀'.repeat(i)}\n"quoted"`));
const whole = gzipSync(`${lines.join('\n')}\n`);

test('documents in order, with where they come from', async () => {
  const file = await shard(whole);
  const documents = await all(readC4(file));
  expect(documents.length).toBe(40);
  expect(documents[3]).toEqual({
    text: 'document 3 — ü😀ü😀ü😀\n"quoted"',
    timestamp: '2019-04-25T12:57:54Z',
    url: 'https://example.org/',
    source: { file, record: 3 },
  });
});

test('several shards, several gzip members, plain JSON lines, no line feed at the end, missing url', async () => {
  const members = await shard(Buffer.concat([gzipSync(`${record('one')}\n`), gzipSync(record('two'))]));
  const plain = await shard('{"text":"three"}\r\n{"text":""}', 'plain.json');
  const documents = await all(readC4([members, plain]));
  expect(documents.map(({ text }) => text)).toEqual(['one', 'two', 'three', '']);
  expect(documents[2]).toEqual({ text: 'three', timestamp: null, url: null, source: { file: plain, record: 0 } });
});

test('reads on from any reported position, across shards and bad records', async () => {
  const broken = gzipSync([record('a'), 'broken', record('b'), record('behind b'), '{}', record('c')].join('\n'));
  const shards = [await shard(broken), await shard(gzipSync(record('d')))];
  const options = { onBadRecord: 'skip' } as const;
  const stream = readC4(shards, options);
  expect(stream.position()).toBeNull();
  const documents = await all(readC4(shards, options));
  let index = 0;
  for await (const _ of stream) {
    const from = stream.position()!;
    expect(await all(readC4(shards, { ...options, from }))).toEqual(documents.slice(++index));
  }
  expect(index).toBe(5);
});

test('a position in a file that is not read, or behind its end, is an error', async () => {
  const file = await shard(whole);
  expect(() => readC4(file, { from: { file: 'other.json.gz', record: 0 } })).toThrow(
    'cannot resume at record 0 of other.json.gz',
  );
  expect((await failure(file, { from: { file, record: 41 } })).message).toContain('cannot resume at record 41');
  expect(await all(readC4(file, { from: { file, record: 40 } }))).toEqual([]);
});

test('leaving the loop closes the file', async () => {
  const file = await shard(whole);
  for await (const document of readC4(file)) if (document.source.record === 2) break;
  await rm(file);
  expect(existsSync(file)).toBe(false);
});

describe('bad records', () => {
  const cases: [string, string | Uint8Array, string][] = [
    ['broken JSON', '{"text": "half', 'broken JSON'],
    ['an empty line', '', 'broken JSON'],
    ['no text', '{"timestamp":"x"}', 'no text'],
    ['a text that is no string', '{"text":7}', 'no text'],
    ['null', 'null', 'no text'],
    ['an array', '["text"]', 'no text'],
    ['invalid UTF-8', Buffer.concat([Buffer.from('{"text":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}')]), 'invalid UTF-8'],
    ['UTF-16', Buffer.from('{"text":"x"}', 'utf16le'), 'broken JSON'],
    ['a long line', record('x'.repeat(5000)), 'too long'],
    ['deep nesting', '['.repeat(900), 'broken JSON'],
  ];
  test.each(cases)('%s: an error with file and record, or a counted skip', async (_, line, reason) => {
    const parts = [record('before'), line, record('after')].flatMap((part) => [Buffer.from(part), Buffer.from('\n')]);
    const file = await shard(gzipSync(Buffer.concat(parts)));
    const error = await failure(file, { maxRecordBytes: 1000 });
    expect(error.code).toBe('invalid-data');
    expect(error.fields).toMatchObject({ file, record: 1, reason });
    expect(error.message).toContain(`${file}, record 1: ${reason}`);
    const stream = readC4(file, { onBadRecord: 'skip', maxRecordBytes: 1000 });
    expect((await all(stream)).map(({ text, source }) => [text, source.record])).toEqual([
      ['before', 0],
      ['after', 2],
    ]);
    expect([...stream.skipped()]).toEqual([[reason, 1]]);
  });

  test('an empty shard, with and without gzip: an error, or a counted skip', async () => {
    for (const file of [await shard(''), await shard(gzipSync('')), await shard('', 'empty.json')]) {
      const error = await failure(file);
      expect(error.message).toContain(`${file}, record 0: empty (the`);
      const stream = readC4([file, await shard(whole)], { onBadRecord: 'skip' });
      expect((await all(stream)).length).toBe(40);
      expect([...stream.skipped()]).toEqual([['empty', 1]]);
    }
  });

  test('a missing file and a folder', async () => {
    expect((await failure(join(folder, 'none.json.gz'), { onBadRecord: 'skip' })).code).toBe('not-found');
    expect((await failure(folder)).message).toContain('is a folder, expected a file');
    expect(() => readC4([])).toThrow(GmlpError);
  });

  test('no gzip at all', async () => {
    const error = await failure(await shard(lines.join('\n')));
    expect(error.fields).toMatchObject({ reason: 'broken gzip', record: 0 });
  });
});

describe('damaged gzip', () => {
  test('cut short anywhere: an error that names the record, or the records before it and one count', async () => {
    const texts = lines.map((line) => (JSON.parse(line) as { text: string }).text);
    for (let length = 1; length < whole.length; length += 31) {
      const file = await shard(whole.subarray(0, length), 'cut.json.gz');
      expect((await failure(file)).fields).toMatchObject({ file, reason: 'broken gzip' });
      const stream = readC4(file, { onBadRecord: 'skip' });
      const read = (await all(stream)).map(({ text }) => text);
      expect(read).toEqual(texts.slice(0, read.length));
      expect([...stream.skipped()]).toEqual([['broken gzip', 1]]);
    }
  });

  test('any changed bytes: right documents, a GmlpError, or counted skips; never anything else', async () => {
    const change = fc.tuple(fc.nat(whole.length - 1), fc.nat(255));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
        const bytes = Uint8Array.from(whole);
        for (const [at, value] of changes) bytes[at] = value;
        const file = await shard(bytes, 'changed.json.gz');
        const outcome = await all(readC4(file)).catch((error: unknown) => error);
        if (Array.isArray(outcome)) expect(outcome.length).toBe(40);
        else expect(GmlpError.isInstance(outcome) && outcome.code).toBe('invalid-data');
        const stream = readC4(file, { onBadRecord: 'skip' });
        await all(stream);
        expect(stream.skipped().size > 0).toBe(!Array.isArray(outcome));
      }),
      { numRuns: 60 },
    );
  });

  test('any changed bytes of plain JSON lines', async () => {
    const plain = Buffer.from(lines.slice(0, 5).join('\n'));
    await fc.assert(
      fc.asyncProperty(fc.nat(plain.length - 1), fc.nat(255), async (at, value) => {
        const bytes = Uint8Array.from(plain);
        bytes[at] = value;
        const file = await shard(bytes, 'changed.json');
        const outcome = await all(readC4(file)).catch((error: unknown) => error);
        expect(Array.isArray(outcome) || (GmlpError.isInstance(outcome) && outcome.code === 'invalid-data')).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});

describe('what takes too long or too much memory', () => {
  test('15 MB of brackets are refused before they are parsed', async () => {
    for (const line of ['['.repeat(15e6), `{"text":"","more":${'[],'.repeat(5e6)}0}`]) {
      const file = await shard(gzipSync([record('before'), line, record('after')].join('\n'), { level: 1 }));
      expect((await failure(file)).message).toMatch(
        /record 1: too long \(more than 65536 of its \d+ bytes are not inside strings\)/,
      );
      expect((await all(readC4(file, { onBadRecord: 'skip' }))).map(({ text }) => text)).toEqual(['before', 'after']);
    }
  });

  test('a large text with many quotes and backslashes is none of them', async () => {
    const text = 'said "yes", \\ and "no" \\'.repeat(20_000);
    expect((await all(readC4(await shard(gzipSync(record(text)))))).map((document) => document.text)).toEqual([text]);
  });

  test('millions of empty lines: the file is left after ten thousand of them, and told so', async () => {
    const file = await shard(gzipSync(`${record('before')}\n${'\n'.repeat(2 ** 22)}`));
    const stream = readC4([file, await shard(whole)], { onBadRecord: 'skip' });
    expect((await all(stream)).length).toBe(41);
    expect([...stream.skipped()]).toEqual([
      ['broken JSON', 10_000],
      ['given up', 1],
    ]);
  });
});

test('a line of 100 MB is refused or skipped, and never held in memory', async () => {
  const file = join(folder, 'long.json.gz');
  const mebibyte = Buffer.alloc(2 ** 20, 'a');
  function* content(): Generator<Buffer> {
    yield Buffer.from(`${record('before')}\n{"text":"`);
    for (let i = 0; i < 100; i++) yield mebibyte;
    yield Buffer.from(`"}\n${record('after')}\n`);
  }
  await pipeline(Readable.from(content()), createGzip({ level: constants.Z_BEST_SPEED }), createWriteStream(file));
  expect((await failure(file)).message).toContain('record 1: too long (104857611 bytes, at most 16777216 are allowed)');

  const before = process.memoryUsage().rss;
  let peak = before;
  const sampling = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss);
  }, 1);
  const stream = readC4(file, { onBadRecord: 'skip', maxRecordBytes: 2 ** 20 });
  expect((await all(stream)).map(({ text }) => text)).toEqual(['before', 'after']);
  clearInterval(sampling);
  expect([...stream.skipped()]).toEqual([['too long', 1]]);
  expect((peak - before) / 2 ** 20).toBeLessThan(90);
});
