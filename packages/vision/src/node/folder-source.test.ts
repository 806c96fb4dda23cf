import { mkdir, symlink } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { jpeg } from './make-tar.ts';
import { opened, readAll } from './read-all.ts';
import { temporaryFolder } from './temporary-folder.ts';

const { at, write } = temporaryFolder();
const some = async (...names: readonly string[]): Promise<void> => {
  for (const name of names) await write(name, jpeg(name));
};

test('folders are classes, sorted, whatever the order on the disk', async () => {
  await some('d/n02/b.JPEG', 'd/n01/z.jpg', 'd/n02/a.png', 'd/.hidden/x.jpg', 'd/n01/.x.jpg', 'd/readme.jpg', 'd/n01/notes.txt');
  const { samples, ids, bad, source } = await readAll({ format: 'folder', path: at('d') });
  expect(ids).toEqual(['n01', 'n02']);
  expect(samples).toEqual([
    ['n01', 'd/n01/z.jpg'],
    ['n02', 'd/n02/a.png'],
    ['n02', 'd/n02/b.JPEG'],
  ]);
  expect(bad).toEqual([]);
  const again = await opened({ format: 'folder', path: at('d') });
  expect(again.fingerprint).toBe(source.fingerprint);
  await some('d/n01/another.jpg');
  expect((await opened({ format: 'folder', path: at('d') })).fingerprint).not.toBe(source.fingerprint);
});

test('a list of classes decides the labels, and words name them', async () => {
  await some('d/n02/b.jpg', 'd/n04/a.jpg');
  const classes = await write('classes.txt', 'n01\nn02\nn03\nn04\n');
  const names = await write('words.txt', 'n02\ta dog\n');
  const source = await opened({ format: 'folder', path: at('d'), classes, names });
  expect([source.label(0), source.label(1)]).toEqual([1, 3]);
  expect(source.classes.map(({ name }) => name)).toEqual(['n01', 'a dog', 'n03', 'n04']);
});

test('validation with the classes of training: one that is there only is refused, or counted', async () => {
  await some('train/cat/a.jpg', 'train/dog/a.jpg', 'val/ape/a.jpg', 'val/dog/b.jpg');
  const { classes } = await opened({ format: 'folder', path: at('train') });
  const { samples, bad, source } = await readAll({ format: 'folder', path: at('val'), classes });
  expect(samples).toEqual([['dog', 'val/dog/b.jpg']]);
  expect(source.label(0)).toBe(1);
  expect(bad).toMatchObject([
    {
      reason: 'unknown class',
      file: at('val', 'ape', 'a.jpg'),
      detail: expect.stringContaining('"ape" is none of the 2 classes (cat, dog'),
    },
  ]);
  expect(source.skipped).toEqual(new Map([['unknown class', 1]]));
  await expect(opened({ format: 'folder', path: at('val'), classes })).rejects.toMatchObject({ code: 'invalid-data' });
});

test('an empty class is told, and the others keep their labels', async () => {
  await some('d/a/1.jpg', 'd/c/1.jpg');
  await mkdir(at('d', 'b'));
  await expect(opened({ format: 'folder', path: at('d') })).rejects.toThrow(/no image \(the folder of a class is empty\)/);
  const { ids, bad, source } = await readAll({ format: 'folder', path: at('d') });
  expect(ids).toEqual(['a', 'b', 'c']);
  expect(source.label(1)).toBe(2);
  expect(bad.map(({ reason }) => reason)).toEqual(['no image']);
});

test('a folder of folders of classes is not taken for classes', async () => {
  await some('d/train/cat/1.jpg', 'd/val/cat/1.jpg');
  await expect(readAll({ format: 'folder', path: at('d') })).rejects.toThrow(/no image in .*perhaps .*train is meant/);
  await some('d/zebra/1.jpg');
  expect((await readAll({ format: 'folder', path: at('d') })).bad.map(({ reason, file }) => [reason, file])).toEqual([
    ['no label', at('d', 'train', 'cat')],
    ['no image', at('d', 'train')],
    ['no label', at('d', 'val', 'cat')],
    ['no image', at('d', 'val')],
  ]);
  await some('e/cat/1.jpg', 'e/cat/kittens/2.jpg');
  const { bad } = await readAll({ format: 'folder', path: at('e') });
  expect(bad).toMatchObject([{ reason: 'no label', file: at('e', 'cat', 'kittens') }]);
});

test.skipIf(process.platform === 'win32')('what is no image is found out when it is read', async () => {
  await write('d/a/1.jpg', '');
  await write('d/a/2.jpg', 'Too many requests');
  await symlink(at('nowhere'), at('d', 'a', '3.jpg'));
  await write('d/a/4.jpg', jpeg('fine'));
  const source = await opened({ format: 'folder', path: at('d') });
  await expect(source.read(0)).rejects.toThrow(`${at('d', 'a', '1.jpg')}, byte 0: empty`);
  await expect(source.read(1)).rejects.toThrow('not an image (it is text that begins with "Too many request")');
  await expect(source.read(2)).rejects.toMatchObject({ code: 'invalid-data', message: expect.stringContaining('no file') });
  expect((await source.read(3)).encoding).toEqual({ kind: 'jpeg' });
  await expect(source.read(4)).rejects.toThrow('there is no sample 4; there are 4');
});

test('what is not there', async () => {
  await expect(readAll({ format: 'folder', path: at('none') })).rejects.toMatchObject({ code: 'not-found' });
});
