import { copyFile, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import type { IndexProgress } from './index-context.ts';
import { jpeg, makeTar, type TarFile, tarHead } from './make-tar.ts';
import type { ImageSourceDescription } from './open-image-source.ts';
import { opened, readAll } from './read-all.ts';
import { temporaryFolder } from './temporary-folder.ts';

const { at, write } = temporaryFolder();
const image = (path: string): TarFile => ({ path, content: jpeg(path) });
const tar = makeTar([image('d/dog/1.jpg'), image('d/cat/2.jpg'), { path: 'd/cat/3.jpg' }]);

test('made once, and taken for the same samples from then on, left-out ones included', async () => {
  const description: ImageSourceDescription = { format: 'tar', path: await write('a.tar', tar), index: at('a.index') };
  const first = await readAll(description);
  const made = await stat(at('a.index'));
  const second = await readAll(description);
  expect(second.samples).toEqual(first.samples);
  expect(second.bad).toEqual(first.bad);
  expect(second.source).toMatchObject({
    fingerprint: first.source.fingerprint,
    skipped: new Map([['empty', 1]]),
    classes: first.source.classes,
  });
  expect((await stat(at('a.index'))).mtimeMs).toBe(made.mtimeMs);
  await expect(opened(description)).rejects.toThrow('d/cat/3.jpg: empty');
  // The same archive elsewhere is the same.
  await copyFile(at('a.tar'), at('copy.tar'));
  expect((await readAll({ ...description, path: at('copy.tar') })).samples).toEqual(first.samples);
});

test('a folder for it that is not there is told before the archive is walked through', async () => {
  const heard: IndexProgress[] = [];
  const opening = opened(
    { format: 'tar', path: await write('a.tar', tar), index: at('none', 'a.index') },
    { onBad: 'skip', onProgress: (progress) => heard.push(progress) },
  );
  await expect(opening).rejects.toThrow(`there is no folder ${at('none')}; make it first`);
  expect(heard).toEqual([]);
});

test('an index of another archive is refused by name', async () => {
  const index = at('a.index');
  await readAll({ format: 'tar', path: await write('a.tar', tar), index });
  const longer = await write('b.tar', makeTar([image('d/dog/1.jpg'), image('d/cat/2.jpg'), image('d/cat/3.jpg')]));
  const error = await readAll({ format: 'tar', path: longer, index }).catch((reason: unknown) => reason);
  expect(error).toMatchObject({
    code: 'invalid-data',
    message: expect.stringMatching(/the index .*a\.index is of .*a\.tar \(\d+ bytes\), not of .*b\.tar/),
  });
  const sameSize = Buffer.from(tar);
  sameSize[520] = 0x41; // another picture of the same length
  await writeFile(at('c.tar'), sameSize);
  await expect(readAll({ format: 'tar', path: at('c.tar'), index })).rejects.toThrow(/also of \d+ bytes, but with others in it/);
  await expect(readAll({ format: 'tar', path: [at('a.tar'), longer], index })).rejects.toThrow('is of 1 files');
  await expect(readAll({ format: 'tar', path: at('a.tar'), classes: ['cat', 'dog'], index })).rejects.toThrow('was made for');
  await expect(readAll({ format: 'webdataset', path: at('a.tar'), index })).rejects.toThrow('was made for');
  await expect(readAll({ format: 'tar', path: at('a.tar'), index: at('a.tar') })).rejects.toThrow('is no index of images');
});

test('an archive that changes in its middle is found out by the heads', async () => {
  const large = makeTar([
    image('d/dog/1.jpg'),
    { path: 'd/cat/2.jpg', content: jpeg('x'.repeat(200_000)) },
    image('d/cat/3.jpg'),
    { path: 'd/dog/4.jpg', content: jpeg('y'.repeat(200_000)) },
  ]);
  const [path, index] = [await write('a.tar', large), at('a.index')];
  await readAll({ format: 'tar', path, index });
  const place = large.indexOf('d/cat/3.jpg');
  const changed = Buffer.from(large);
  tarHead('d/dog/9.jpg', 7).copy(changed, place); // another file where one was, and a JPEG too
  await writeFile(path, changed);
  const source = await opened({ format: 'tar', path, index });
  await expect(source.read(2)).rejects.toThrow(
    'd/cat/3.jpg: damaged (there is no such entry; the archive changed since it was indexed)',
  );
});

test('one that is damaged is refused, and nothing half written is left', async () => {
  const description: ImageSourceDescription = { format: 'tar', path: await write('a.tar', tar), index: at('a.index') };
  await expect(opened(description)).rejects.toThrow('empty');
  await expect(stat(at('a.index'))).rejects.toThrow('ENOENT');
  await readAll(description);
  const bytes = await readFile(at('a.index'));
  bytes[40]! ^= 1;
  await writeFile(at('a.index'), bytes);
  await expect(readAll(description)).rejects.toThrow(
    /a\.index is damaged or cut short: its checksum is wrong; remove it, and it is made anew/,
  );
  await rm(at('a.index'));
  expect((await readAll(description)).samples.length).toBe(2);
});

test('it says how far it is, and stops when it is told to', async () => {
  const path = await write('a.tar', makeTar(Array.from({ length: 1001 }, (_, i) => image(`d/cat/${i}.jpg`))));
  const heard: IndexProgress[] = [];
  await opened({ format: 'tar', path }, { onProgress: (progress) => heard.push(progress) });
  expect(heard.map(({ samples }) => samples)).toEqual([0, 1000]);
  const stop = new AbortController();
  const stopped = opened({ format: 'tar', path, index: at('a.index') }, { signal: stop.signal, onProgress: () => stop.abort() });
  await expect(stopped).rejects.toMatchObject({ code: 'aborted' });
  await expect(stat(at('a.index'))).rejects.toThrow('ENOENT');
});

test.each<[object, string]>([
  [{ format: 'folders', path: 'x' }, 'there is no format "folders"; did you mean "folder"'],
  [{ path: 'x' }, 'there is no format undefined; expected one of folder, tar'],
  [{ format: 'tar' }, 'expected a path, got undefined'],
  [{ format: 'tar', path: [] }, 'expected a path'],
  [{ format: 'folder', path: 'x', index: 'y' }, 'the format "folder" knows no "index"; it knows path, classes, names'],
  [{ format: 'ilsvrc2012-validation', path: 'x' }, 'name ILSVRC2012_devkit_t12.tar.gz as "devkit"'],
  [{ format: 'ilsvrc2012-train', path: 'x-{0..1}.tar' }, 'ilsvrc2012-train is one archive, got 2 paths'],
  [{ format: 'cifar10', path: 'x', split: 'val' }, 'expected "train" or "test" as split, got "val"'],
])('%j is refused', async (description, problem) => {
  await expect(opened(description as ImageSourceDescription)).rejects.toMatchObject({
    code: 'invalid-argument',
    message: expect.stringContaining(problem),
  });
});
