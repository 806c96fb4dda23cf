import { createHash } from 'node:crypto';
import { appendFileSync, existsSync } from 'node:fs';
import { copyFile, cp, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { GmlpError, key } from '@gmlp/base';
import { maskOptions, trainingBatches } from '@gmlp/text';
import { openPacked } from '@gmlp/text/node';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type CorpusPart, splitCorpus } from './corpus.ts';
import { listShards, sourceAt } from './list-shards.ts';
import { openPreparedText, prepareText } from './prepare-text.ts';
import { runningText } from './running-text.ts';
import type { TextSettings } from './text-settings.ts';
import { openTextSource } from './text-source.ts';

let folder: string;
const texts = Array.from({ length: 12 }, (_, i) => `The ${['cat', 'dog', 'bird'][i % 3]} sat on mat number ${i}. `.repeat(20));
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gmlp-prepare-'));
  await mkdir(join(folder, 'plain'));
  await mkdir(join(folder, 'shards'));
  for (const [i, text] of texts.entries()) await writeFile(join(folder, 'plain', `${String(i).padStart(2, '0')}.txt`), text);
  const lines = texts.map((text) => JSON.stringify({ text }));
  await writeFile(join(folder, 'shards', 'c4-train.00000-of-00002.json.gz'), gzipSync(lines.slice(0, 7).join('\n')));
  await writeFile(join(folder, 'shards', 'c4-train.00001-of-00002.json.gz'), gzipSync(lines.slice(7).join('\n')));
});
afterAll(() => rm(folder, { recursive: true }));

const settings = (source: TextSettings['source'], path: string): TextSettings => ({
  source,
  path: join(folder, path),
  heldOut: 3,
  vocabulary: 300,
  tokens: 16,
});
const printed: string[] = [];
const prepare = (options: TextSettings, out: string, stopIfAborted = () => {}) =>
  prepareText(options, {
    folder: join(folder, out),
    seed: 1,
    progress: { update: () => {}, print: (line) => printed.push(line), clear: () => {} },
    now: () => 0,
    stopIfAborted,
    form: runningText,
  });

it('the same documents give the same packed text, whether from a folder or from shards of C4', async () => {
  const plain = await prepare(settings('text', 'plain'), 'a');
  const c4 = await prepare(settings('c4', 'shards'), 'b');
  expect(c4.documents).toEqual({ training: 9, validation: 3 });
  for (const file of ['tokenizer.json', 'training.packed', 'validation.packed']) {
    expect(await readFile(join(folder, 'b', file))).toEqual(await readFile(join(folder, 'a', file)));
  }
  await plain.close();
  await c4.close();
});

it('is opened again as it was prepared, by a run with the same settings only', async () => {
  const first = await prepare(settings('text', 'plain'), 'c');
  const again = (await openPreparedText(settings('text', 'plain'), join(folder, 'c')))!;
  expect(again.documents).toEqual(first.documents);
  expect(again.tokenizerFile).toBe(first.tokenizerFile);
  expect(again.training.count).toBe(first.training.count);
  const other = { ...settings('text', 'plain'), heldOut: 2 };
  await expect(openPreparedText(other, join(folder, 'c'))).rejects.toThrow(/was made with heldOut 3, expected 2/);
  await first.close();
  await again.close();
});

it('knows its text and its tokenizer again, and no file of another preparation passes', async () => {
  const [first, same] = [await prepare(settings('text', 'plain'), 'i'), await prepare(settings('c4', 'shards'), 'j')];
  expect(first.fingerprints).toEqual(same.fingerprints);
  expect(first.fingerprints.tokenizer).toBe(createHash('sha256').update(first.tokenizerFile).digest('hex'));
  const packed = await openPacked(join(folder, 'i', 'training.packed'));
  expect(packed.fingerprints).toMatchObject({ ids: first.fingerprints.training, source: first.fingerprints.source });
  await packed.close();
  expect(new Set(Object.values(first.fingerprints)).size).toBe(4);
  for (const text of [first, same]) await text.close();
  const [training, validation] = [join(folder, 'i', 'training.packed'), join(folder, 'i', 'validation.packed')];
  await rename(training, `${training}.away`);
  await copyFile(validation, training);
  const reopened = () => openPreparedText(settings('text', 'plain'), join(folder, 'i'));
  await expect(reopened()).rejects.toThrow(/training\.packed is not as it was when text\.json beside it was written/);
  await rename(`${training}.away`, training);
  const tokenizer = join(folder, 'i', 'tokenizer.json');
  await writeFile(tokenizer, ` ${await readFile(tokenizer, 'utf8')}`);
  await expect(reopened()).rejects.toThrow(/tokenizer\.json is not as it was when/);

  const edited = join(folder, 'edited');
  await cp(join(folder, 'plain'), edited, { recursive: true });
  await writeFile(join(edited, '03.txt'), `${texts[3]!.replace('cat', 'cow')}`);
  const other = await prepare(settings('text', 'edited'), 'k');
  expect(other.fingerprints.source).not.toBe(first.fingerprints.source);
  await other.close();
});

it('a folder whose preparation was broken off does not pass for prepared', async () => {
  let calls = 0;
  const stop = (): void => {
    if (++calls === 20) throw new Error('stopped');
  };
  await expect(prepare(settings('text', 'plain'), 'd', stop)).rejects.toThrow('stopped');
  expect(await openPreparedText(settings('text', 'plain'), join(folder, 'd'))).toBeUndefined();
});

it('takes a tokenizer that is there, and refuses one of another vocabulary', async () => {
  const tokenizer = join(folder, 'a', 'tokenizer.json');
  const text = await prepare({ ...settings('c4', 'shards'), tokenizer }, 'e');
  expect(text.tokenizerFile).toBe(await readFile(tokenizer, 'utf8'));
  await text.close();
  await expect(prepare({ ...settings('c4', 'shards'), tokenizer, vocabulary: 301 }, 'f')).rejects.toThrow(
    /has 300 pieces, but data\.vocabulary is 301; set it with --set data\.vocabulary=300/,
  );
  await expect(prepare({ ...settings('c4', 'shards'), tokenizer: folder }, 'f')).rejects.toThrow(/is a folder, expected a file/);
  await expect(prepare({ ...settings('c4', 'shards'), tokenizer: 'none.json' }, 'f')).rejects.toThrow(/the tokenizer none\.json/);
});

it('a source without a path, a folder without shards and too large a held-out part are refused', async () => {
  await expect(prepare({ ...settings('c4', ''), path: undefined }, 'g')).rejects.toThrow(/needs a path; set data.path/);
  await expect(prepare(settings('c4', 'plain'), 'g')).rejects.toThrow(/no shard/);
  await expect(prepare(settings('c4', 'none'), 'g')).rejects.toMatchObject({ code: 'not-found' });
  await expect(prepare({ ...settings('text', 'plain'), heldOut: 12 }, 'g')).rejects.toThrow(
    /heldOut is 12, but the text has 12 documents of 12 passages .* hold out 1 to 11 documents, or a part of it .* --set data\.heldOut=0\.1/,
  );
});

it('batches that begin later are those that would have come', async () => {
  const text = await prepare(settings('text', 'plain'), 'h');
  const take = async (first: number, count: number) => {
    const batches = [];
    const mask = maskOptions(text.tokenizer);
    for await (const batch of trainingBatches(text.training, 4, key(2), mask, first)) {
      if (batches.push(batch) === count) return batches;
    }
    return batches;
  };
  const perEpoch = Math.floor(text.training.count / 4);
  const all = await take(0, 2 * perEpoch + 3);
  for (const first of [1, perEpoch, perEpoch + 2]) expect(await take(first, 3)).toEqual(all.slice(first, first + 3));
  await text.close();
});

it('one document is enough: a part of it is held out, in passages that training does not see', async () => {
  const file = join(folder, 'book.text');
  const lines = Array.from({ length: 400 }, (_, i) => `Line ${i} tells of the ${['cat', 'dog', 'bird'][i % 3]} on mat ${i}.`);
  await writeFile(file, lines.join('\n'));
  const source = await openTextSource({ source: 'text', path: file });
  expect([source.documents, source.passages]).toEqual([1, 8]);
  const corpus = splitCorpus(source, 0.2, key(3));
  expect([corpus.unit, corpus.documents]).toEqual(['passages', { training: 6, validation: 2 }]);
  const read: Record<CorpusPart, string[]> = { training: [], validation: [] };
  for (const part of ['training', 'validation'] as const) {
    for await (const { text } of corpus.read(part)) read[part].push(...text.trim().split('\n'));
  }
  expect([...read.training, ...read.validation].sort()).toEqual([...lines].sort());
  expect(read.validation.length).toBeGreaterThan(50);
  const text = await prepare({ ...settings('text', 'book.text'), heldOut: 0.2 }, 'book');
  expect(text.documents).toEqual({ training: 6, validation: 2 });
  await text.close();
  await expect(prepare({ ...settings('text', 'book.text'), heldOut: 1 }, 'x')).rejects.toThrow(
    'heldOut is 1, but the text has 1 document of 8 passages (about a page each); hold out a part of it between 0 and 1',
  );
  await writeFile(file, 'A line.');
  await expect(prepare({ ...settings('text', 'book.text'), heldOut: 0.2 }, 'x')).rejects.toThrow(/1 passage .* give more text/);
});

it('what cannot be read ends it with advice that the command takes, or is left out with a count and a list', async () => {
  const mixed = join(folder, 'mixed');
  await cp(join(folder, 'plain'), mixed, { recursive: true });
  await writeFile(join(mixed, 'empty.txt'), '');
  await writeFile(join(mixed, 'latin.txt'), Buffer.from([0x66, 0xfc]));
  await writeFile(join(mixed, 'table.csv'), 'a,b');
  await expect(prepare(settings('text', 'mixed'), 'l')).rejects.toThrow(
    'empty.txt, record 0: empty (the file holds no byte); repair it, or leave such records out with --on-bad skip',
  );
  printed.length = 0;
  const text = await prepare({ ...settings('text', 'mixed'), onBad: 'skip' }, 'l');
  const whole = await prepare(settings('text', 'plain'), 'm');
  expect(text.fingerprints).toEqual(whole.fingerprints);
  await text.close();
  await whole.close();
  expect(printed).toContain('text: files that do not end in .txt, .text, .md, .markdown are not read: .csv 1');
  expect(printed.find((line) => line.includes('left out'))).toMatch(
    /^text: records left out: 2 \(1 empty, 1 invalid UTF-8\), listed in/,
  );
  const list = (await readFile(join(folder, 'l', 'left-out.jsonl'), 'utf8')).trimEnd().split('\n');
  expect(list.map((line) => JSON.parse(line) as object)).toMatchObject([
    { file: 'empty.txt', reason: 'empty' },
    { file: 'latin.txt', reason: 'invalid UTF-8' },
  ]);
});

it('text that gives no whole sequence is refused when it is packed, with its tokens', async () => {
  await mkdir(join(folder, 'short'));
  for (const [i, text] of ['one', 'two', texts[0]!].entries()) await writeFile(join(folder, 'short', `${i}.txt`), text);
  const short = { ...settings('text', 'short'), heldOut: 1, tokens: 400, vocabulary: 280 };
  const refused = prepare(short, 'n');
  await expect(refused).rejects.toThrow(
    /the (held-out|training) text, [12] documents?, has \d+ tokens, a sequence takes 400 .*(data\.heldOut).*(model\.tokens)/,
  );
  expect(await openPreparedText(short, join(folder, 'n'))).toBeUndefined();
});

it('a stray .json neither makes a folder of text C4 nor ends a folder of shards', async () => {
  const [plain, shards] = [join(folder, 'stray-text'), join(folder, 'stray-shards')];
  await cp(join(folder, 'plain'), plain, { recursive: true });
  await cp(join(folder, 'shards'), shards, { recursive: true });
  for (const path of [plain, shards]) {
    await writeFile(join(path, 'package.json'), JSON.stringify({ name: 'corpus', files: ['*'] }, null, 2));
    await writeFile(join(path, 'labels.jsonl'), '{"label":1}\n{"label":2}\n');
  }
  await writeFile(join(shards, 'README.md'), 'About these shards.');
  expect([await sourceAt(plain), await sourceAt(shards)]).toEqual(['text', 'c4']);
  expect(await listShards(shards)).toMatchObject({ shards: { length: 2 }, strays: ['labels.jsonl', 'package.json'] });
  const source = await openTextSource({ source: 'c4', path: shards });
  expect(source.documents).toBe(12);
  expect(source.notes).toEqual(['labels.jsonl', 'package.json'].map((name) => expect.stringContaining(`${name} is no shard`)));
  await writeFile(join(shards, 'c4-train.00002-of-00003.json.gz'), 'damaged from its first byte on');
  await expect(openTextSource({ source: 'c4', path: shards })).rejects.toThrow(/00002-of-00003.*broken gzip.*--on-bad skip/);
  expect((await openTextSource({ source: 'c4', path: shards, onBad: 'skip' })).documents).toBe(12);
});

it('what is said of a vocabulary names the setting, and the value that it advises works', async () => {
  for (const [vocabulary, wrong] of [
    [200, /has at least \d+ pieces .* data\.vocabulary is 200/],
    [4096, /gives a tokenizer of \d+ pieces, but data\.vocabulary is 4096/],
  ] as const) {
    const error: unknown = await prepare({ ...settings('text', 'plain'), vocabulary }, 'p').catch((thrown: unknown) => thrown);
    expect((error as Error).message).toMatch(wrong);
    expect((error as Error).message).not.toMatch(/vocabularySize|characterCoverage/);
    const advised = Number(/--set data\.vocabulary=(\d+)/.exec((error as Error).message)![1]);
    await (await prepare({ ...settings('text', 'plain'), vocabulary: advised }, 'p')).close();
  }
});

it('a damaged packed file says in which sequence, and what makes it anew', async () => {
  await (await prepare(settings('text', 'plain'), 'q')).close();
  const path = join(folder, 'q', 'training.packed');
  const whole = await readFile(path);
  const opened = async (change: (bytes: Buffer) => void) => {
    const bytes = Buffer.from(whole);
    change(bytes);
    await writeFile(path, bytes);
    return (await openPreparedText(settings('text', 'plain'), join(folder, 'q')))!;
  };
  const anew = `remove ${join(folder, 'q')}, and the text is packed anew`;
  await expect(opened((bytes) => bytes.fill(0, 0, 8))).rejects.toThrow(anew);
  await expect(opened((bytes) => bytes.fill(9, 40, 48))).rejects.toThrow(anew);
  const text = await opened((bytes) => (bytes[192 + 2 * (16 * 2 + 4)]! ^= 1));
  for (const read of [() => text.training.sequence(2), () => text.training.batch([0, 2])])
    await expect(read()).rejects.toThrow(new RegExp(`sequence 2 .*checksum is wrong.*${anew}$`));
  await text.close();
  for (const gone of ['training.packed', 'tokenizer.json']) {
    await rm(join(folder, 'q', gone));
    await expect(openPreparedText(settings('text', 'plain'), join(folder, 'q'))).rejects.toThrow(
      new RegExp(`${gone}.*; ${anew}$`),
    );
  }
});

it('text that is written into while it is packed is refused, whatever part of it was read before', async () => {
  const path = join(folder, 'moving');
  await cp(join(folder, 'plain'), path, { recursive: true });
  let packed = false;
  const write = (): void => {
    if (packed || !printed.at(-1)?.startsWith('packed:')) return;
    packed = true;
    appendFileSync(join(path, '00.txt'), ' And more of it.');
  };
  await expect(prepare(settings('text', 'moving'), 'r', write)).rejects.toThrow(/moving was changed while it was packed/);
  expect(await openPreparedText(settings('text', 'moving'), join(folder, 'r'))).toBeUndefined();
});

it('a tokenizer that lacks what training asks of it is refused before the text is packed', async () => {
  const refuse = (): never => {
    throw new GmlpError('invalid-argument', 'no [MASK]');
  };
  const options = {
    folder: join(folder, 's'),
    seed: 1,
    now: () => 0,
    stopIfAborted: () => {},
    form: { ...runningText, expectTokenizer: refuse },
  };
  const progress = { update: () => {}, print: () => {}, clear: () => {} };
  await expect(prepareText(settings('text', 'plain'), { ...options, progress })).rejects.toThrow('no [MASK]');
  expect(existsSync(join(folder, 's'))).toBe(false);
});
