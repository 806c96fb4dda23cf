import { serveRanges } from '@gmlp/testing';
import { expect, test } from 'vitest';
import { jpeg, makeTar, type TarFile } from './make-tar.ts';
import { opened, readAll } from './read-all.ts';
import { temporaryFolder } from './temporary-folder.ts';

const { at, write } = temporaryFolder();
const image = (path: string): TarFile => ({ path, content: jpeg(path) });
const folder = (path: string): TarFile => ({ path, type: '5' });
const tar = (name: string, files: readonly TarFile[]): Promise<string> => write(name, makeTar(files));

test('the last folder is the class', async () => {
  const path = await tar('a.tar', [
    folder('train/'),
    folder('train/dog/'),
    image('./train/dog/2.jpg'),
    image('train/cat/1.JPEG'),
    image('train/dog/._3.jpg'),
    { path: 'train/cat/notes.txt', content: 'x' },
  ]);
  const { samples, ids, bad } = await readAll({ format: 'tar', path });
  expect(ids).toEqual(['cat', 'dog']);
  expect(samples).toEqual([
    ['dog', './train/dog/2.jpg'],
    ['cat', 'train/cat/1.JPEG'],
  ]);
  expect(bad).toEqual([]);
});

test('of several tars, by braces or a folder, and only what lies under a folder', async () => {
  await tar('t/x-0.tar', [image('train/dog/1.jpg'), image('val/ape/1.jpg')]);
  await tar('t/x-1.tar', [image('train/cat/1.jpg')]);
  const expected = [
    ['dog', 'train/dog/1.jpg'],
    ['cat', 'train/cat/1.jpg'],
  ];
  for (const path of [at('t', 'x-{0..1}.tar'), at('t'), [at('t', 'x-0.tar'), at('t', 'x-1.tar')]]) {
    const { samples, ids } = await readAll({ format: 'tar', path, under: 'train' });
    expect([samples, ids]).toEqual([expected, ['cat', 'dog']]);
  }
  await expect(readAll({ format: 'tar', path: at('t'), under: 'test' })).rejects.toThrow(
    'expected images as test/<class>/<image>.jpg',
  );
});

test('a folder of training and validation is not read as one, and a name may have braces', async () => {
  await tar('t/train-0.tar', [image('d/cat/1.jpg')]);
  await tar('t/val-0.tar', [image('d/cat/1.jpg')]);
  await expect(readAll({ format: 'tar', path: at('t') })).rejects.toThrow(
    /files of several sets in .*\(train-….tar, val-….tar\); name those/,
  );
  const path = await tar('odd{1.tar', [image('d/cat/1.jpg')]);
  expect((await readAll({ format: 'tar', path })).samples.length).toBe(1);
});

test('what is bad is told with its byte, and the rest read', async () => {
  const path = await tar('a.tar', [
    image('d/cat/1.jpg'),
    { path: 'd/cat/2.jpg' },
    image('d/cat/1.jpg'),
    { path: 'd/cat/4.jpg', type: '2' },
    image('5.jpg'),
    folder('d/empty'),
    image('d/dog/6.jpg'),
  ]);
  const { samples, ids, bad } = await readAll({ format: 'tar', path });
  expect(samples.map(([, mark]) => mark)).toEqual(['d/cat/1.jpg', 'd/dog/6.jpg']);
  expect(ids).toEqual(['cat', 'dog', 'empty']);
  expect(bad.map(({ reason, offset, key }) => [reason, offset, key])).toEqual([
    ['empty', 1536, 'd/cat/2.jpg'],
    ['duplicate', 2048, 'd/cat/1.jpg'],
    ['no file', 3072, 'd/cat/4.jpg'],
    ['no label', 3584, '5.jpg'],
    ['no image', 4608, 'd/empty'],
  ]);
  await expect(opened({ format: 'tar', path })).rejects.toThrow(`${path}, byte 1536, d/cat/2.jpg: empty`);
});

test('a class of bad images alone keeps its place', async () => {
  const path = await tar('a.tar', [image('a/1.jpg'), { path: 'b/1.jpg' }, { path: 'c/1.jpg', type: '2' }, image('d/1.jpg')]);
  const { ids, source } = await readAll({ format: 'tar', path });
  expect([ids, source.label(1)]).toEqual([['a', 'b', 'c', 'd'], 3]);
});

test('a tar that is cut: an error, or what is whole', async () => {
  const whole = makeTar([image('d/cat/1.jpg'), image('d/dog/2.jpg'), { path: 'd/dog/3.jpg', content: jpeg('x'.repeat(3000)) }]);
  const path = await write('cut.tar', whole.subarray(0, 3000));
  await expect(opened({ format: 'tar', path })).rejects.toThrow(
    /cut\.tar, byte 2048, d\/dog\/3\.jpg: cut short \(.*should have 3004 bytes/,
  );
  // Whether there were other classes behind is not known.
  await expect(readAll({ format: 'tar', path })).rejects.toThrow(
    /cut\.tar is not known from byte 2048 on .*give all classes as "classes"/,
  );
  const { samples, bad } = await readAll({ format: 'tar', path, classes: ['cat', 'dog', 'emu'] });
  expect([samples.length, bad.length, bad[0]?.reason]).toEqual([2, 1, 'cut short']);
});

test('text that is called .jpg is found out when it is read', async () => {
  const path = await tar('a.tar', [{ path: 'd/cat/1.jpg', content: '<html>404' }]);
  const source = await opened({ format: 'tar', path });
  await expect(source.read(0)).rejects.toMatchObject({
    message: expect.stringContaining(`${path}, byte 512, d/cat/1.jpg: not an image (it is text that begins with "<html>404")`),
    fields: { file: path, offset: 512, key: 'd/cat/1.jpg', reason: 'not an image' },
  });
  await source.close();
  await expect(source.read(0)).rejects.toMatchObject({ code: 'disposed' });
});

test('over a network, of many tars', async () => {
  const files = Object.fromEntries(
    Array.from({ length: 3 }, (_, i) => [`s-${i}.tar`, makeTar([image(`d/c${i}/1.jpg`), image(`d/c0/${i}.jpg`)])]),
  );
  const server = await serveRanges(files);
  const { samples } = await readAll({ format: 'tar', path: `${server.url}/s-{0..2}.tar` });
  expect(samples.length).toBe(6);
  await expect(readAll({ format: 'tar', path: `${server.url}/s-{2..3}.tar` })).rejects.toMatchObject({ code: 'not-found' });
  await server.close();
});
