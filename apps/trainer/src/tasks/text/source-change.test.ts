import { copyFile, cp, mkdir, mkdtemp, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { GmlpError } from '@gmlp/base';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { SourceLook } from '../task.ts';
import { prepareText } from './prepare-text.ts';
import { runningText } from './running-text.ts';
import { sourceChanges } from './source-change.ts';
import type { TextSettings } from './text-settings.ts';

let folder: string;
let path: string;
let settings: TextSettings;
const texts = Array.from({ length: 12 }, (_, i) => `The ${['cat', 'dog', 'bird'][i % 3]} sat on mat number ${i}. `.repeat(20));
const progress = { update: () => {}, print: () => {}, clear: () => {} };
const inside = (name: string): string => join(folder, name);
const document = (number: number): string => join(path, `${String(number).padStart(2, '0')}.txt`);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gmlp-source-'));
  path = inside('source');
  await mkdir(path);
  for (const [i, text] of texts.entries()) await writeFile(document(i), text);
  const made = { source: 'text', path, heldOut: 3, vocabulary: 300, tokens: 16 } as const;
  await (await prepare(made, 'first')).close();
  const tokenizer = inside('mine.json');
  await copyFile(join(inside('first'), 'tokenizer.json'), tokenizer);
  settings = { ...made, tokenizer };
  await (await prepare(settings, 'packed')).close();
});
afterEach(() => rm(folder, { recursive: true }));

const prepare = (made: TextSettings, out: string) =>
  prepareText(made, { folder: inside(out), seed: 1, progress, now: () => 0, form: runningText, stopIfAborted: () => {} });

let read = 0;
const look = async (stopIfAborted = () => {}): Promise<SourceLook> => {
  read = 0;
  const counted = (): void => {
    read++;
    stopIfAborted();
  };
  return sourceChanges(settings, inside('packed'), { progress, stopIfAborted: counted });
};
const same = { changes: [], notes: [] };
const changed = (changes: RegExp): object => ({ changes: [expect.stringMatching(changes)], notes: [] });

it('nothing is read of files that have the sizes and dates of before, and of new dates alone once', async () => {
  expect([await look(), read]).toEqual([same, 0]);
  await utimes(document(3), 1, 1);
  expect([await look(), read]).toEqual([same, texts.length]);
  expect([await look(), read]).toEqual([same, 0]);
});

it('an edited, an added and a removed document are told, and each content has words of its own', async () => {
  await writeFile(document(3), texts[3]!.replace('cat', 'cow'));
  const edited = await look();
  expect(edited).toEqual(changed(/^the text .*source was changed since it was packed \(its SHA-256 is now [\da-f]{16}…\)$/));
  expect([await look(), read]).toEqual([edited, 0]);
  await writeFile(document(3), texts[3]!);
  expect(await look()).toEqual(same);
  await writeFile(document(99), 'One more.');
  const added = await look();
  expect(added).toEqual(changed(/was changed/));
  expect(added).not.toEqual(edited);
  await rm(document(99));
  await rm(document(0));
  expect(await look()).toEqual(changed(/was changed/));
});

it('an edit that keeps length and date is seen', async () => {
  const { atime, mtime } = await stat(document(3));
  await writeFile(document(3), texts[3]!.replace('cat', 'cow'));
  await utimes(document(3), atime, mtime);
  expect(await look()).toEqual(changed(/was changed/));
});

it('a document that can no longer be read is a change, a source that is gone or empty a note', async () => {
  await writeFile(document(3), new Uint8Array([0xff, 0xff]));
  expect(await look()).toEqual(changed(/cannot be read as when it was packed: 03\.txt.*UTF-8/));
  const gone = {
    changes: [],
    notes: [expect.stringMatching(/source cannot be looked at any more .*only the tokens that were packed$/)],
  };
  await rm(path, { recursive: true });
  expect(await look()).toEqual(gone);
  await mkdir(path);
  expect(await look()).toEqual(gone);
});

it('another tokenizer is told, one that is gone is a note', async () => {
  await writeFile(settings.tokenizer!, `${await readFile(settings.tokenizer!, 'utf8')}\n`);
  expect(await look()).toEqual(changed(/^the tokenizer .*mine\.json is another than the text was packed with/));
  await rm(settings.tokenizer!);
  expect(await look()).toEqual({
    changes: [],
    notes: [expect.stringMatching(/^the tokenizer .*mine\.json cannot be looked at/)],
  });
});

it('looking again can be stopped', async () => {
  await cp(document(1), document(99));
  const stop = (): never => {
    throw new GmlpError('aborted', 'stopped');
  };
  await expect(look(stop)).rejects.toMatchObject({ code: 'aborted' });
  expect(read).toBe(1);
});

it('one id of a packed file changed, its checksum made to fit, is refused; new dates alone cost one reading', async () => {
  const training = join(inside('packed'), 'training.packed');
  const bytes = await readFile(training);
  await writeFile(training, bytes);
  expect([await look(), read > 0]).toEqual([same, true]);
  expect([await look(), read]).toEqual([same, 0]);
  const [head, row] = [192, 16 * 2 + 4];
  const ids = bytes.subarray(head + row, head + 2 * row - 4);
  ids[0]! ^= 1;
  bytes.writeUInt32LE(crc32(ids, 1), head + 2 * row - 4);
  await writeFile(training, bytes);
  for (let time = 0; time < 2; time++) {
    await expect(look()).rejects.toThrow(
      /training\.packed is not as it was when text\.json beside it was written .*remove .*packed anew/,
    );
  }
});
