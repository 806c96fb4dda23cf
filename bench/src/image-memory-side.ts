/**
 * `image-memory-side.js workers|batches <folder of class folders> <pictures>`: the memory of a process that does nothing but prepare
 * pictures for training: by its threads alone, or with batches made ahead.
 */
import { type ImageSource, samplesInOrder } from '@gmlp/vision';
import { type ImagePool, imageBatches, openImagePool, openImageSource } from '@gmlp/vision/node';
import { batchSize, size, training } from './image-transforms.ts';
import { peakMegabytes } from './peak-memory.ts';

type Way = (source: ImageSource, pool: ImagePool, count: number, onPictures: (count: number) => void) => Promise<void>;

/** Pictures that are asked for at a time. */
const asked = 8;

const ways: Readonly<Record<string, Way>> = {
  async workers(source, pool, count, onPictures) {
    const samples = samplesInOrder(source, null, { epochs: Math.ceil(count / source.count) });
    const next = samples[Symbol.iterator]();
    const one = async (): Promise<void> => {
      const values = new Float32Array(size * size * 3);
      for (let sample = next.next(); !sample.done; sample = next.next()) {
        await pool.transformed(await source.read(sample.value.index), sample.value, training, values);
        onPictures(1);
      }
    };
    await Promise.all(Array.from({ length: asked }, one));
  },
  async batches(source, pool, count, onPictures) {
    const samples = samplesInOrder(source, null, { epochs: Math.ceil(count / source.count) });
    for await (const { labels } of imageBatches(source, pool, samples, { batchSize, transform: training }))
      onPictures(labels.length);
  },
};

const [way = '', path = '', count = ''] = process.argv.slice(2);
const peak = (): number => Math.round(peakMegabytes());

const source = await openImageSource({ format: 'folder', path });
const pool = openImagePool();
const beforeMb = peak();
let pictures = 0;
let peakOfFirstFifthMb: number | undefined;
await ways[way]!(source, pool, Number(count), (more) => {
  pictures += more;
  if (peakOfFirstFifthMb === undefined && pictures >= Number(count) / 5) peakOfFirstFifthMb = peak();
});
await pool.close();
await source.close();
process.stdout.write(`${JSON.stringify({ pictures, beforeMb, peakOfFirstFifthMb, peakMb: peak() })}\n`);
