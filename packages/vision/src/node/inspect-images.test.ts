import sharp from 'sharp';
import { expect, test } from 'vitest';
import { contactSheet } from './contact-sheet.ts';
import { decodeImage, loadSharp } from './decode-image.ts';
import { describeImages } from './describe-images.ts';
import { inspectImages } from './inspect-images.ts';
import { jpeg, makeTar } from './make-tar.ts';
import { openImageSource } from './open-image-source.ts';
import { readImageBytes, readImageFile } from './read-image-file.ts';
import { temporaryFolder } from './temporary-folder.ts';

const { at, write } = temporaryFolder();

const gray = (width: number, height: number, value: number) =>
  sharp(new Uint8Array(width * height * 3).fill(value), { raw: { width, height, channels: 3 } });
const png = (width: number, height: number, value = 9): Promise<Buffer> => gray(width, height, value).png().toBuffer();

test('counts classes and kinds, measures, and lists what cannot be decoded, of all or of a sample', async () => {
  await write('d/cat/1.png', await png(10, 20));
  await write('d/cat/2.png', await png(12, 4));
  await write('d/cat/3.jpg', await gray(30, 8, 5).jpeg().toBuffer());
  await write('d/dog/1.png', jpeg('this is damaged'));
  await write('d/dog/2.png', (await png(64, 64, 3)).subarray(0, 60));
  const source = await openImageSource({ format: 'folder', path: at('d') });
  const done: number[] = [];
  const all = await inspectImages(source, { onImage: (number) => done.push(number) });
  expect(all).toMatchObject({
    count: 5,
    looked: 5,
    width: { least: 10, median: 12, most: 30 },
    height: { least: 4, median: 8, most: 20 },
    kinds: { png: 2, jpeg: 1 },
    bad: { counts: { damaged: 2 } },
  });
  expect(all.classes).toEqual([
    { id: 'cat', name: 'cat', count: 3 },
    { id: 'dog', name: 'dog', count: 2 },
  ]);
  expect(all.bad.list.map(({ file }) => file)).toEqual([at('d', 'dog', '1.png'), at('d', 'dog', '2.png')]);
  for (const { detail } of all.bad.list) expect(detail).not.toBe('');
  expect(done).toEqual([5]);
  const some = await inspectImages(source, { sample: 2 });
  expect([some.count, some.looked, some.classes[1]!.count]).toEqual([5, 2, 2]);
  expect(some.width).toEqual({ least: 10, median: 10, most: 30 }); // the first and the third
  await expect(inspectImages(source, { sample: 0 })).rejects.toThrow('a sample of at least one image, got 0');
  await expect(inspectImages(source, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'aborted' });
});

test('a path is described by what is there', async () => {
  const tar = async (name: string, ...paths: readonly string[]): Promise<string> =>
    write(name, makeTar(paths.map((path) => ({ path, content: 'x' }))));
  await write('d/cat/1.jpg', jpeg('1'));
  await write('ten/data_batch_1.bin', 'x');
  await write('hundred/train.bin', 'x');
  await write('rows/a.parquet', 'x');
  const formatOf = async (path: string): Promise<unknown> => (await describeImages(path)).format;
  expect(await describeImages(at('d'))).toEqual({ format: 'folder', path: at('d') });
  expect(await describeImages(at('ten'))).toEqual({ format: 'cifar10', path: at('ten'), split: 'train' });
  expect(await formatOf(at('hundred'))).toBe('cifar100');
  expect(await formatOf(at('rows'))).toBe('parquet');
  expect(await formatOf(at('rows', 'a.parquet'))).toBe('parquet');
  expect(await formatOf(await tar('classes.tar', 'train/cat/1.jpg', 'train/labels.json', 'readme.txt'))).toBe('tar');
  expect(await formatOf(await tar('train.tar', 'n01440764.tar'))).toBe('ilsvrc2012-train');
  await tar('shards/a-000.tar', '001.jpg', '001.cls', '002.jpg', '002.cls');
  await tar('shards/a-001.tar', '003.jpg', '003.cls');
  expect(await formatOf(at('shards'))).toBe('webdataset');
  expect(await formatOf(at('shards', 'a-{000..001}.tar'))).toBe('webdataset');
  await expect(describeImages(await tar('val.tar', 'ILSVRC2012_val_00000001.JPEG'))).rejects.toThrow('development kit');
  await expect(describeImages(at('nowhere'))).rejects.toMatchObject({ code: 'not-found' });
});

test('a contact sheet has every picture in its place, and names of any origin beside them', async () => {
  const sharpHere = await loadSharp();
  const picture = async (value: number) =>
    decodeImage(
      { bytes: await png(20, 30, value), encoding: { kind: 'png' }, from: { file: '', offset: 0, key: '' } },
      sharpHere,
    );
  const rows = [
    { name: 'a <b> & "c"\u0000', pictures: [await picture(10), await picture(60)] },
    { name: 'a name that is far too long to stand beside its row', pictures: [await picture(120)] },
  ];
  const sheet = await sharp(await contactSheet(rows, { side: 16 }))
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = sheet.info;
  expect([width, height, channels]).toEqual([168 + 2 * 20 + 4, 2 * 20 + 4, 3]);
  const at16 = (x: number, y: number): number => sheet.data[(y * width + x) * 3]!;
  const [first, second] = [168 + 8, 168 + 20 + 8];
  expect([at16(first, 12), at16(second, 12), at16(first, 32), at16(second, 32)]).toEqual([10, 60, 120, 255]);
  await expect(contactSheet([])).rejects.toMatchObject({ code: 'invalid-argument' });
});

test('one image of a file or of bytes; what is none says so', async () => {
  const bytes = await png(5, 6);
  await write('named.txt', bytes);
  await write('text.jpg', 'Buy milk');
  const image = await readImageFile(at('named.txt'));
  expect([image.encoding, Buffer.from(image.bytes).equals(bytes)]).toEqual([{ kind: 'png' }, true]);
  async function* chunks() {
    yield bytes.subarray(0, 7);
    yield bytes.subarray(7);
  }
  expect(Buffer.from((await readImageBytes(chunks(), '-')).bytes).equals(bytes)).toBe(true);
  await expect(readImageFile(at('text.jpg'))).rejects.toThrow('text that begins with "Buy milk"');
  await expect(readImageFile(at('nowhere.jpg'))).rejects.toMatchObject({ code: 'invalid-data', fields: { reason: 'no file' } });
});
