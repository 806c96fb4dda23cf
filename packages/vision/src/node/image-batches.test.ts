import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { key } from '@gmlp/base';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { samplesInOrder } from '../epoch-order.ts';
import type { ImageSource } from '../image-source.ts';
import { imagenetNormalisation } from '../transform/normalised.ts';
import { type ImageBatch, imageBatches, missingLabel } from './image-batches.ts';
import { openImagePool } from './image-pool.ts';
import type { ImageTransform } from './image-work.ts';
import { openImageSource } from './open-image-source.ts';

let folder: string;
let source: ImageSource;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gmlp-image-batches-'));
  for (const [label, name] of ['cat', 'dog'].entries()) {
    await mkdir(join(folder, name));
    for (let i = 0; i < 5; i++) {
      const background = { r: 20 * i, g: 100 * label, b: 90 };
      const picture = sharp({ create: { width: 20 + i, height: 30, channels: 3, background } });
      await writeFile(join(folder, name, `${i}.jpg`), await picture.jpeg().toBuffer());
    }
  }
  source = await openImageSource({ format: 'folder', path: folder });
});

afterAll(async () => {
  await source.close();
  await rm(folder, { recursive: true });
});

const training: ImageTransform = {
  kind: 'training',
  seed: 5,
  size: 12,
  interpolation: 'bicubic',
  ...imagenetNormalisation,
  crop: { kind: 'resized' },
  flip: 'random',
  policy: 'rand-m9-mstd0.5-inc1',
  erasing: { probability: 0.3 },
};

async function batchesOf(
  workers: number,
  options: { readonly from?: ImageBatch['next']; readonly ahead?: number } = {},
): Promise<ImageBatch[]> {
  const pool = openImagePool({ workers });
  const samples = samplesInOrder(source, key(1), { epochs: 2, ...(options.from && { from: options.from }) });
  const batches: ImageBatch[] = [];
  for await (const batch of imageBatches(source, pool, samples, { batchSize: 4, transform: training, ...options }))
    batches.push(batch);
  await pool.close();
  return batches;
}

test('one, two or three threads, and a restart in the middle, give the same bytes', async () => {
  const all = await batchesOf(1);
  expect(all.length).toBe(5); // of two epochs, whose end fills no batch by itself
  expect(await batchesOf(2, { ahead: 1 })).toEqual(all);
  expect(await batchesOf(3, { ahead: 9 })).toEqual(all);
  expect(await batchesOf(2, { from: all[1]!.next })).toEqual(all.slice(2));
  expect(new Set(all.map(({ pictures }) => pictures.data.join())).size).toBe(5);
  const first = new Set(
    all
      .flatMap(({ from }) => from)
      .slice(0, 10)
      .map((each) => each!.file),
  );
  expect(first.size).toBe(10);
});

test('a picture that cannot be decoded is an error that names it, or a row that counts in nothing', async () => {
  const broken = join(folder, 'cat', '0.jpg');
  const { size } = await import('node:fs').then(({ statSync }) => statSync(broken));
  await writeFile(broken, Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(size - 4, 7)]));
  const pool = openImagePool({ workers: 1 });
  const read = async (skip: boolean): Promise<{ readonly batches: ImageBatch[]; readonly bad: string[] }> => {
    const bad: string[] = [];
    const batches: ImageBatch[] = [];
    const onBadSample = skip ? { onBadSample: ({ file }: { readonly file: string }) => void bad.push(file) } : {};
    for await (const batch of imageBatches(source, pool, samplesInOrder(source, null, { epochs: 1 }), {
      batchSize: 4,
      transform: training,
      ...onBadSample,
    }))
      batches.push(batch);
    return { batches, bad };
  };
  await expect(read(false)).rejects.toThrow(/cat.0\.jpg/);
  const { batches, bad } = await read(true);
  expect(bad).toEqual([broken]);
  expect([...batches[0]!.labels]).toEqual([missingLabel, 0, 0, 0]);
  expect(batches[0]!.pictures.data.subarray(0, 12 * 12 * 3).every((value) => value === 0)).toBe(true);
  expect(batches.at(-1)!.labels.length).toBe(2);
  await pool.close();
});

test('a pool that is closed, and one whose threads cannot begin, end what waits for them', async () => {
  const pool = openImagePool({ workers: 1 });
  const image = await source.read(5);
  const waiting = pool.transformed(image, { index: 0, epoch: 0, place: 0 }, training);
  waiting.catch(() => undefined);
  await pool.close();
  await expect(waiting).rejects.toMatchObject({ code: 'aborted' });
  await expect(pool.transformed(image, { index: 0, epoch: 0, place: 0 }, training)).rejects.toMatchObject({ code: 'aborted' });
  const other = openImagePool({ workers: 1 });
  const wrong = { ...training, policy: 'none such' } as ImageTransform;
  await expect(other.transformed(image, { index: 0, epoch: 0, place: 0 }, wrong)).rejects.toThrow(/none such/);
  const values = await other.transformed(image, { index: 0, epoch: 0, place: 0 }, training);
  expect(values.length).toBe(12 * 12 * 3);
  // A thread answers in what it answered in before: what was given out stays as it is, at any size.
  const kept = values.slice();
  const larger = { ...training, size: 16 } as ImageTransform;
  const into = new Float32Array(16 * 16 * 3);
  for (const place of [1, 2, 3]) await other.transformed(image, { index: 0, epoch: 0, place }, training);
  expect(await other.transformed(image, { index: 0, epoch: 0, place: 0 }, larger, into)).toBe(into);
  expect(into).toEqual(await other.transformed(image, { index: 0, epoch: 0, place: 0 }, larger));
  expect(values).toEqual(kept);
  await expect(other.transformed(image, { index: 0, epoch: 0, place: 0 }, training, into)).rejects.toThrow(
    'pictures of 12 pixels a side have 432 values, there is room for 768',
  );
  await other.close();
  expect(() => openImagePool({ workers: 0 })).toThrow('expected a number of threads from 1, got 0');
});
