import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GmlpError } from '@gmlp/base';
import { afterAll, beforeEach, expect, test } from 'vitest';
import type { TextDocument } from '../text-document.ts';
import { type ReadTextFolderOptions, readTextFolder } from './read-text-folder.ts';

let folder: string;
const folders: string[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gmlp-folder-'));
  folders.push(folder);
  await mkdir(join(folder, 'b', 'deep'), { recursive: true });
  await writeFile(join(folder, 'c.txt'), 'third');
  await writeFile(join(folder, 'a.txt'), '\ufefffirst ü😀\n');
  await writeFile(join(folder, 'b', 'deep', 'x.txt'), 'second');
  await writeFile(join(folder, 'notes.md'), 'not read');
});
afterAll(async () => {
  for (const name of folders) await rm(name, { recursive: true });
});

async function all(options: ReadTextFolderOptions = {}): Promise<TextDocument[]> {
  const documents: TextDocument[] = [];
  for await (const document of readTextFolder(folder, options)) documents.push(document);
  return documents;
}

test('each text file below the folder is a document, in the order of their paths', async () => {
  const documents = await all();
  expect(documents.map(({ text, source }) => [source.file, text])).toEqual([
    ['a.txt', 'first ü😀\n'],
    ['b/deep/x.txt', 'second'],
    ['c.txt', 'third'],
  ]);
  expect((await all({ extensions: ['.md'] })).map(({ text }) => text)).toEqual(['not read']);
});

test('reads on from any reported position', async () => {
  const documents = await all();
  const stream = readTextFolder(folder);
  let index = 0;
  for await (const _ of stream) expect(await all({ from: stream.position()! })).toEqual(documents.slice(++index));
  await expect(all({ from: { file: 'gone.txt', record: 1 } })).rejects.toThrow('cannot resume at record 1 of gone.txt');
});

test('an empty file, one that is too long, one in another encoding: an error, or a counted skip', async () => {
  for (const [content, reason] of [
    [Buffer.alloc(0), 'empty'],
    [Buffer.alloc(101, 'x'), 'too long'],
    [Buffer.from([0x66, 0xfc, 0x72]), 'invalid UTF-8'],
  ] as const) {
    await writeFile(join(folder, 'b', 'bad.txt'), content);
    await expect(all({ maxRecordBytes: 100 })).rejects.toThrow(`b/bad.txt, record 0: ${reason}`);
    const stream = readTextFolder(folder, { maxRecordBytes: 100, onBadRecord: 'skip' });
    let count = 0;
    for await (const _ of stream) count++;
    expect(count).toBe(3);
    expect([...stream.skipped()]).toEqual([[reason, 1]]);
  }
});

test('no folder, or none with text: an error', async () => {
  await expect(all({ extensions: ['.rst'] })).rejects.toThrow(`no file that ends in .rst in ${folder}`);
  folder = join(folder, 'none');
  const error: unknown = await all().catch((reason: unknown) => reason);
  expect(GmlpError.isInstance(error) && error.code).toBe('not-found');
});
