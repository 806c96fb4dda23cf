import { expect, test } from 'vitest';
import { jpeg, makeTar, type TarFile } from './make-tar.ts';
import { opened, readAll } from './read-all.ts';
import { temporaryFolder } from './temporary-folder.ts';

const { at, write } = temporaryFolder();
const image = (path: string): TarFile => ({ path, content: jpeg(path) });
const part = (path: string, content: string): TarFile => ({ path, content });

test('images with numbers, in either order, in text or JSON', async () => {
  await write(
    's-0.tar',
    makeTar([image('0.jpg'), part('0.cls', '2'), part('1.json', '{"label": 0, "cls": 9}'), image('1.PNG'), part('README', 'x')]),
  );
  await write(
    's-1.tar',
    makeTar([part('0.cls', ' 1\n'), part('0.json', '{"label": 7}'), image('0.jpeg'), image('a.b/2.jpg'), part('a.b/2.cls', '0')]),
  );
  const { samples, ids, bad } = await readAll({ format: 'webdataset', path: at('s-{0..1}.tar') });
  expect(ids).toEqual(['0', '1', '2']);
  expect(samples).toEqual([
    ['2', '0.jpg'],
    ['0', '1.PNG'],
    ['1', '0.jpeg'],
    ['0', 'a.b/2.jpg'],
  ]);
  expect(bad).toEqual([]);
});

test('what is bad is told by the key', async () => {
  const path = await write(
    's.tar',
    makeTar([
      image('0.jpg'),
      part('1.cls', '1'),
      image('2.jpg'),
      part('2.cls', 'cat'),
      image('3.jpg'),
      image('3.jpg'),
      part('3.cls', '1'),
      image('4.jpg'),
      image('4.png'),
      part('4.cls', '1'),
      image('5.jpg'),
      part('5.cls', '5'),
      image('6.jpg'),
      part('6.cls', '1'),
      part('7.cls', '1'),
      { path: '7.jpg' },
      image('6.jpg'),
      part('6.cls', '0'),
      image('8.jpg'),
      part('8.json', '{"label": '),
      image('9.jpg'),
      part('9.cls', '-1'),
      image('10.jpg'),
      part('10.cls', '0'),
      part('10.cls', '1'),
    ]),
  );
  const { samples, bad } = await readAll({ format: 'webdataset', path, classes: ['a', 'b', 'c'] });
  expect(samples).toEqual([['b', '6.jpg']]);
  expect(bad.map(({ key, reason }) => [key, reason])).toEqual([
    ['0', 'no label'],
    ['1', 'no image'],
    ['2', 'unknown class'],
    ['3', 'duplicate'],
    ['4', 'duplicate'],
    ['5', 'unknown class'],
    ['7', 'empty'],
    ['6', 'duplicate'],
    ['8', 'no label'],
    ['9', 'unknown class'],
    ['10', 'duplicate'],
  ]);
});

test('the field of the label, and classes that no list bounds', async () => {
  const path = await write('s.tar', makeTar([image('0.jpg'), part('0.json', '{"label": 3, "fine": 1}')]));
  expect((await readAll({ format: 'webdataset', path, labelField: 'fine' })).ids).toEqual(['0', '1']);
  const wild = await write('w.tar', makeTar([image('0.jpg'), part('0.cls', '99999999')]));
  await expect(opened({ format: 'webdataset', path: wild })).rejects.toThrow('"99999999" is no number of a class');
});

test('no sample is taken from what is cut off', async () => {
  const whole = makeTar([image('0.jpg'), part('0.cls', '0'), image('1.jpg'), part('1.cls', '1')]);
  const path = await write('s.tar', whole.subarray(0, 3 * 1024));
  const { samples, bad } = await readAll({ format: 'webdataset', path });
  expect(samples).toEqual([['0', '0.jpg']]);
  expect(bad.map(({ reason }) => reason)).toEqual(['cut short', 'no label']);
});
