/** Small archives of the layout of ILSVRC2012's. */
import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { serveRanges } from '@gmlp/testing';
import { expect, test } from 'vitest';
import { metaMat } from './kit-file.ts';
import { jpeg, makeTar, type TarFile } from './make-tar.ts';
import { opened, readAll } from './read-all.ts';
import { temporaryFolder } from './temporary-folder.ts';

const { at, write } = temporaryFolder();
const image = (path: string): TarFile => ({ path, content: jpeg(path) });
const ofClass = (wnid: string, ...numbers: readonly number[]): TarFile => ({
  path: `${wnid}.tar`,
  content: makeTar(numbers.map((number) => image(`${wnid}_${number}.JPEG`))),
});
const valName = (number: number): string => `ILSVRC2012_val_${String(number).padStart(8, '0')}.JPEG`;
const sorted = ['n01440764', 'n02100735', 'n02119789'];

async function kit(groundTruth: string): Promise<string> {
  const root = 'ILSVRC2012_devkit_t12/data';
  const files = [
    { path: `${root}/meta.mat`, content: metaMat },
    { path: `${root}/ILSVRC2012_validation_ground_truth.txt`, content: groundTruth },
  ];
  return write('ILSVRC2012_devkit_t12.tar.gz', gzipSync(makeTar(files)));
}

test('training: a tar of tars is read in place, and labels are ranks of the sorted ids', async () => {
  const path = await write(
    'ILSVRC2012_img_train.tar',
    makeTar([ofClass('n02119789', 12, 7), ofClass('n01440764', 1), ofClass('n02100735', 5)]),
  );
  const { samples, ids, bad, source } = await readAll({ format: 'ilsvrc2012-train', path });
  expect(ids).toEqual(sorted);
  expect(samples).toEqual([
    ['n02119789', 'n02119789_12.JPEG'],
    ['n02119789', 'n02119789_7.JPEG'],
    ['n01440764', 'n01440764_1.JPEG'],
    ['n02100735', 'n02100735_5.JPEG'],
  ]);
  expect([0, 1, 2, 3].map((index) => source.label(index))).toEqual([2, 2, 0, 1]);
  expect(bad).toEqual([]);
});

test('validation: the numbers of the kit are not the labels', async () => {
  // Not in the order of their numbers, as a tar may be.
  const path = await write('ILSVRC2012_img_val.tar', makeTar([3, 1, 4, 2].map((number) => image(valName(number)))));
  const devkit = await kit('3\n1\n2\n3\n');
  const { samples, ids, source } = await readAll({ format: 'ilsvrc2012-validation', path, devkit });
  expect(ids).toEqual(sorted);
  expect(source.classes[0]).toEqual({ id: 'n01440764', name: 'tench, Tinca tinca' });
  expect(samples).toEqual([
    ['n02100735', valName(3)],
    ['n01440764', valName(1)],
    ['n01440764', valName(4)],
    ['n02119789', valName(2)],
  ]);
  expect([0, 1, 2, 3].map((index) => source.label(index))).toEqual([1, 0, 0, 2]);
});

test('the kit may be unpacked', async () => {
  const path = await write('val.tar', makeTar([image(valName(1))]));
  await write('kit/data/meta.mat', metaMat);
  await write('kit/data/ILSVRC2012_validation_ground_truth.txt', '2\r\n');
  expect((await readAll({ format: 'ilsvrc2012-validation', path, devkit: at('kit') })).samples).toEqual([
    ['n02100735', valName(1)],
  ]);
});

test('all of it over a network', async () => {
  const server = await serveRanges({
    'train.tar': makeTar([ofClass('n02100735', 5), ofClass('n01440764', 1)]),
    'val.tar': makeTar([image(valName(1))]),
    'kit.tar.gz': await readFile(await kit('3\n')),
  });
  const train = await readAll({ format: 'ilsvrc2012-train', path: `${server.url}/train.tar`, index: at('train.index') });
  expect(train.samples.map(([, mark]) => mark)).toEqual(['n02100735_5.JPEG', 'n01440764_1.JPEG']);
  const devkit = `${server.url}/kit.tar.gz`;
  const validation = await readAll({ format: 'ilsvrc2012-validation', path: `${server.url}/val.tar`, devkit });
  expect(validation.samples).toEqual([['n01440764', valName(1)]]);
  await server.close();
});

test('what does not fit together is told', async () => {
  const train = await write(
    'train.tar',
    makeTar([
      { path: 'n01440764.tar', content: makeTar([image('n01440764_1.JPEG'), image('n02100735_1.JPEG')]) },
      image('stray.jpg'),
      ofClass('n02119789'),
    ]),
  );
  const { samples, ids, bad } = await readAll({ format: 'ilsvrc2012-train', path: train });
  expect(samples).toEqual([['n01440764', 'n01440764_1.JPEG']]);
  expect(ids).toEqual(['n01440764', 'n02119789']);
  expect(bad.map(({ reason, key }) => [reason, key])).toEqual([
    ['unknown class', 'n02100735_1.JPEG'],
    ['unknown class', 'stray.jpg'],
    ['no image', 'n02119789.tar'],
  ]);
  const linked = await write('linked.tar', makeTar([{ path: 'n01440764.tar', type: '2' }, ofClass('n02119789', 1)]));
  expect((await readAll({ format: 'ilsvrc2012-train', path: linked })).source.label(0)).toBe(1);
  const path = await write('val.tar', makeTar([image(valName(1)), image(valName(3)), image('another.JPEG')]));
  const found = await readAll({ format: 'ilsvrc2012-validation', path, devkit: await kit('1\n2\n') });
  expect(found.bad.map(({ reason, key }) => [reason, key])).toEqual([
    ['no label', valName(3)],
    ['no label', 'another.JPEG'],
    ['no image', valName(2)],
  ]);
  await expect(opened({ format: 'ilsvrc2012-validation', path, devkit: await kit('1\n4\n') })).rejects.toThrow(
    /line 2 is "4", which is no number of a class/,
  );
  await expect(opened({ format: 'ilsvrc2012-validation', path, devkit: path })).rejects.toThrow('holds no data/meta.mat');
  await expect(opened({ format: 'ilsvrc2012-train', path })).rejects.toThrow(`expected the tar of a class`);
});

test('with the classes of training, an image of another class is refused', async () => {
  const path = await write('val.tar', makeTar([image(valName(1)), image(valName(2))]));
  const description = {
    format: 'ilsvrc2012-validation',
    path,
    devkit: await kit('1\n3\n'),
    classes: ['n02100735', 'n02119789'],
  } as const;
  const { samples, bad, source } = await readAll(description);
  expect([samples, source.label(0)]).toEqual([[['n02119789', valName(1)]], 1]);
  expect(bad).toMatchObject([{ reason: 'unknown class', key: valName(2) }]);
});

test('an archive that is cut between classes gives no image the label of another', async () => {
  const whole = makeTar([ofClass('n02119789', 1), ofClass('n02100735', 5), ofClass('n01440764', 1)]);
  const path = await write('train.tar', whole.subarray(0, 2 * (512 + 1024 + 1024) + 512));
  await expect(readAll({ format: 'ilsvrc2012-train', path })).rejects.toThrow(
    'a class that is only there would give the others other labels',
  );
  const { source, bad } = await readAll({ format: 'ilsvrc2012-train', path, classes: sorted });
  expect([source.label(0), source.label(1), bad.map(({ reason }) => reason)]).toEqual([2, 1, ['cut short']]);
});

test('the tar of one class that is damaged takes no other with it', async () => {
  const broken = Buffer.from(ofClass('n01440764', 1, 2).content as Uint8Array);
  broken.fill(7, 1024, 1100);
  const path = await write('train.tar', makeTar([{ path: 'n01440764.tar', content: broken }, ofClass('n02100735', 5)]));
  const { samples, bad } = await readAll({ format: 'ilsvrc2012-train', path });
  expect(samples.map(([, mark]) => mark)).toEqual(['n01440764_1.JPEG', 'n02100735_5.JPEG']);
  expect(bad).toMatchObject([{ reason: 'damaged', offset: 512 + 1024 }]);
});
