import { expect, test } from 'vitest';
import { opened } from './read-all.ts';
import { temporaryFolder } from './temporary-folder.ts';

const { at, write } = temporaryFolder();

/** A record whose pixel at row y and column x is (7 y + x + salt, 100 + x, y) of red, green and blue. */
function record(labels: readonly number[], salt: number): Buffer {
  const planes = Buffer.alloc(3072);
  for (let y = 0; y < 32; y++) {
    for (let x = 0; x < 32; x++) {
      planes[32 * y + x] = 7 * y + x + salt;
      planes[1024 + 32 * y + x] = 100 + x;
      planes[2048 + 32 * y + x] = y;
    }
  }
  return Buffer.concat([Buffer.from(labels), planes]);
}
const pixelAt = (bytes: Uint8Array, y: number, x: number): number[] => [
  ...bytes.subarray(3 * (32 * y + x), 3 * (32 * y + x) + 3),
];

test('CIFAR-10: five batches are one source, and planes come out as pixels', async () => {
  for (let batch = 1; batch <= 5; batch++)
    await write(`c/data_batch_${batch}.bin`, Buffer.concat([record([batch], batch), record([9], 50)]));
  await write('c/test_batch.bin', record([3], 1));
  await write('c/batches.meta.txt', 'airplane\nautomobile\nbird\ncat\ndeer\ndog\nfrog\nhorse\nship\ntruck\n\n');
  const source = await opened({ format: 'cifar10', path: at('c'), split: 'train' });
  expect([source.count, source.classes[3]?.name, source.label(4), source.label(5)]).toEqual([10, 'cat', 3, 9]);
  const image = await source.read(4);
  expect(image.encoding).toEqual({ kind: 'rgb', width: 32, height: 32 });
  expect([image.label, image.from]).toEqual([3, { file: at('c', 'data_batch_3.bin'), offset: 1, key: 'record 0' }]);
  expect([pixelAt(image.bytes, 0, 0), pixelAt(image.bytes, 20, 31)]).toEqual([
    [3, 100, 0],
    [140 + 31 + 3, 131, 20],
  ]);
  const held = await opened({ format: 'cifar10', path: at('c'), split: 'test' });
  expect([held.count, held.label(0)]).toEqual([1, 3]);
});

test('CIFAR-100: fine or coarse labels', async () => {
  await write('train.bin', Buffer.concat([record([3, 77], 0), record([19, 99], 0)]));
  const fine = await opened({ format: 'cifar100', path: at('.'), split: 'train' });
  const coarse = await opened({ format: 'cifar100', path: at('.'), split: 'train', labels: 'coarse' });
  expect([fine.label(0), coarse.label(0), fine.classes.length, coarse.classes.length]).toEqual([77, 3, 100, 20]);
  expect(fine.fingerprint).not.toBe(coarse.fingerprint);
  expect(pixelAt((await fine.read(1)).bytes, 1, 2)).toEqual([9, 102, 1]);
});

test('a file that is cut, a label that is none, a file of names for something else', async () => {
  await write('test_batch.bin', Buffer.concat([record([3], 0), record([10], 0), record([4], 0)]));
  const description = { format: 'cifar10', path: at('.'), split: 'test' } as const;
  await expect(opened(description)).rejects.toThrow('byte 3073, record 1: unknown class (its label is 10');
  const rest = await opened(description, { onBad: 'skip' });
  expect([rest.count, rest.label(1), (await rest.read(1)).from.key]).toEqual([2, 4, 'record 2']);
  await write('batches.meta.txt', 'one\ntwo\n');
  await expect(opened(description)).rejects.toThrow('names 2 classes, expected 10');
  await write('test_batch.bin', record([3], 0).subarray(1));
  await write('batches.meta.txt', 'a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n');
  await expect(opened(description)).rejects.toThrow('has 3072 bytes, expected records of 3073');
});
