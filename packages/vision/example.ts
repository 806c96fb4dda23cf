import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { key } from '@gmlp/base';
import { imagenetNormalisation, imagesInOrder, samplesInOrder } from '@gmlp/vision';
import { imageBatches, openImagePool, openImageSource } from '@gmlp/vision/node';

const root = await mkdtemp(join(tmpdir(), 'images-'));
const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR42mP438AAAAQBAYD718vxAAAAAElFTkSuQmCC',
  'base64',
);
for (const path of ['cat/1.png', 'cat/2.png', 'dog/1.png'].map((name) => join(root, name))) {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, pixel);
}

const source = await openImageSource({ format: 'folder', path: root });
const seen: string[] = [];
for await (const { image, next } of imagesInOrder(source, key(2), { epochs: 1 })) {
  seen.push(`${source.classes[image.label]?.name} ${image.encoding.kind} ${next.place}`); // a run that goes on from `next` misses nothing
}
console.log(source.count, seen.join(', ')); // 3 dog png 1, cat png 2, cat png 0

// Threads decode and transform; what comes out is decided by seed and sample, not by the threads. Needs sharp.
const pool = openImagePool();
const transform = {
  kind: 'training',
  seed: 0,
  size: 8,
  interpolation: 'bicubic',
  ...imagenetNormalisation,
  crop: { kind: 'resized' },
  flip: 'random',
  policy: 'rand-m9-mstd0.5-inc1',
} as const;
const samples = samplesInOrder(source, key(2), { epochs: 1 });
for await (const { pictures, labels } of imageBatches(source, pool, samples, { batchSize: 3, transform })) {
  console.log(pictures.shape, labels.join()); // [ 3, 8, 8, 3 ] 1,0,0
}
await pool.close();
await rm(root, { recursive: true });
