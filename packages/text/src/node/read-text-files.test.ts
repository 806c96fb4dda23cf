import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GmlpError } from '@gmlp/base';
import fc from 'fast-check';
import { afterAll, beforeEach, expect, test } from 'vitest';
import type { TextDocument } from '../text-document.ts';
import type { BadRecord } from './bad-records.ts';
import { listTextFiles } from './list-text-files.ts';
import { type ReadTextFilesOptions, readTextFiles } from './read-text-files.ts';

let folder: string;
const folders: string[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gmlp-folder-'));
  folders.push(folder);
  await mkdir(join(folder, 'b', 'deep'), { recursive: true });
  await writeFile(join(folder, 'c.txt'), 'third');
  await writeFile(join(folder, 'a.txt'), '\ufefffirst ü😀\n');
  await writeFile(join(folder, 'b', 'deep', 'x.txt'), 'second');
  await writeFile(join(folder, 'notes.csv'), 'not read');
});
afterAll(async () => {
  for (const name of folders) await rm(name, { recursive: true });
});

async function all(options: ReadTextFilesOptions = {}): Promise<TextDocument[]> {
  const documents: TextDocument[] = [];
  for await (const document of readTextFiles(folder, options)) documents.push(document);
  return documents;
}

test('each text file below the folder is a document, in the order of their paths', async () => {
  const documents = await all();
  expect(documents.map(({ text, source }) => [source.file, text])).toEqual([
    ['a.txt', 'first ü😀\n'],
    ['b/deep/x.txt', 'second'],
    ['c.txt', 'third'],
  ]);
  expect((await all({ extensions: ['.csv'] })).map(({ text }) => text)).toEqual(['not read']);
});

test('reads on from any reported position', async () => {
  const documents = await all();
  const stream = readTextFiles(folder);
  let index = 0;
  for await (const _ of stream) expect(await all({ from: stream.position()! })).toEqual(documents.slice(++index));
  await expect(all({ from: { file: 'gone.txt', record: 1 } })).rejects.toThrow('cannot resume at record 1 of gone.txt');
});

test('an empty file, one in another encoding, one that is no text: an error, or a counted skip', async () => {
  for (const [content, reason, detail] of [
    [Buffer.alloc(0), 'empty', 'the file holds no byte'],
    [Buffer.from([0x66, 0xc3, 0xbc, 0xfc, 0x72]), 'invalid UTF-8', 'byte 3 is not UTF-8'],
    [Buffer.from('\ufefftext', 'utf16le'), 'invalid UTF-8', 'it is UTF-16'],
    [Buffer.from('text', 'utf16le'), 'invalid UTF-8', 'a NUL at byte 1'],
  ] as const) {
    await writeFile(join(folder, 'b', 'bad.txt'), content);
    await expect(all()).rejects.toThrow(`b/bad.txt, record 0: ${reason} (${detail}`);
    const stream = readTextFiles(folder, { onBadRecord: 'skip' });
    let count = 0;
    for await (const _ of stream) count++;
    expect(count).toBe(3);
    expect([...stream.skipped()]).toEqual([[reason, 1]]);
  }
});

test('a function hears of each bad record, with its file, and may stop the reading', async () => {
  await writeFile(join(folder, 'bad.txt'), '');
  const heard: BadRecord[] = [];
  expect((await all({ onBadRecord: (bad) => heard.push(bad) })).length).toBe(3);
  expect(heard).toEqual([{ reason: 'empty', file: 'bad.txt', record: 0, detail: 'the file holds no byte' }]);
  const stop = (bad: BadRecord): void => {
    throw new RangeError(bad.file);
  };
  await expect(all({ onBadRecord: stop })).rejects.toThrow('bad.txt');
});

test('capital letters, Markdown, linked files and folders are read; each folder once', async () => {
  const other = await mkdtemp(join(tmpdir(), 'gmlp-linked-'));
  folders.push(other);
  await writeFile(join(other, 'far.txt'), 'far');
  await writeFile(join(folder, 'A.TXT'), 'capital');
  await writeFile(join(folder, 'readme.md'), 'Markdown');
  await symlink(join(other, 'far.txt'), join(folder, 'linked.txt'));
  await symlink(other, join(folder, 'folder'));
  await symlink(folder, join(folder, 'b', 'circle'));
  expect((await all()).map(({ text, source }) => `${source.file}: ${text.trim()}`)).toEqual([
    'A.TXT: capital',
    'a.txt: first ü😀',
    'b/deep/x.txt: second',
    'c.txt: third',
    'folder/far.txt: far',
    'linked.txt: far',
    'readme.md: Markdown',
  ]);
  expect((await listTextFiles(folder)).others).toEqual(new Map([['.csv', 1]]));
});

test('a link that leads nowhere or a named pipe is told by name, not left out', async () => {
  await symlink(join(folder, 'gone.txt'), join(folder, 'dangling.txt'));
  await expect(all()).rejects.toThrow('dangling.txt, record 0: no file (a link to a file that is not there)');
  const stream = readTextFiles(folder, { onBadRecord: 'skip' });
  for await (const _ of stream);
  expect([...stream.skipped()]).toEqual([['no file', 1]]);
  if (process.platform === 'win32') return;
  await rm(join(folder, 'dangling.txt'));
  expect(spawnSync('mkfifo', [join(folder, 'pipe.txt')]).status).toBe(0);
  await expect(all()).rejects.toThrow('pipe.txt, record 0: no file (it is a named pipe)');
  folder = join(folder, 'pipe.txt');
  await expect(all()).rejects.toThrow('is a named pipe, expected a file or a folder');
});

test('a file itself, whatever its name', async () => {
  folder = join(folder, 'notes.csv');
  expect(await all()).toEqual([{ text: 'not read', timestamp: null, url: null, source: { file: 'notes.csv', record: 0 } }]);
});

test('a file larger than a document may be comes in documents that say the same, cut behind lines where there are any', async () => {
  const file = join(folder, 'large.txt');
  const unit = fc.constantFrom('a', 'ü', '€', '😀', ' ', '\n');
  await fc.assert(
    fc.asyncProperty(fc.string({ unit, minLength: 1, maxLength: 80 }), fc.integer({ min: 4, max: 30 }), async (text, most) => {
      await writeFile(file, text);
      const documents: TextDocument[] = [];
      for await (const document of readTextFiles(file, { maxRecordBytes: most })) documents.push(document);
      expect(documents.map((document) => document.text).join('')).toBe(text);
      for (const [index, document] of documents.entries()) {
        expect(Buffer.byteLength(document.text)).toBeLessThanOrEqual(most);
        if (index < documents.length - 1 && document.text.includes('\n')) expect(document.text).toMatch(/\n$/);
      }
      const from = { file: 'large.txt', record: Math.floor(documents.length / 2) };
      const rest: TextDocument[] = [];
      for await (const document of readTextFiles(file, { maxRecordBytes: most, from })) rest.push(document);
      expect(rest).toEqual(documents.slice(from.record));
    }),
    { numRuns: 60 },
  );
});

test('no folder, or none with text: an error that says what there is', async () => {
  await expect(all({ extensions: ['.rst'] })).rejects.toThrow(/no file that ends in \.rst in .*; there are \.txt 3, \.csv 1;/);
  folder = join(folder, 'none');
  const error: unknown = await all().catch((reason: unknown) => reason);
  expect(GmlpError.isInstance(error) && error.code).toBe('not-found');
});
