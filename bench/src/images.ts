/**
 * `bench images`: pictures a second through the whole pipeline of `@gmlp/vision`, from files to batches of normalised values, beside
 * what `sharp` alone decodes and resizes of the same pictures on the same cores. GMLP_IMAGES names a folder of class folders of one's
 * own; without it pictures are made up.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { key, split } from '@gmlp/base';
import { drawnMix, type ImageSource, mixPictures, samplesInOrder } from '@gmlp/vision';
import { type ImagePool, type ImageTransform, imageBatches, openImagePool, openImageSource } from '@gmlp/vision/node';
import sharp from 'sharp';
import type { BenchSize } from './bench-size.ts';
import { makeImageFolder } from './image-files.ts';
import { batchSize, evaluation, mixing, size, training } from './image-transforms.ts';
import { median, round } from './numbers.ts';

export interface ImageFigures {
  readonly pictures: string;
  readonly count: number;
  readonly meanPixels: number;
  readonly threads: number;
  /** Pictures a second: medians of the rounds. */
  readonly sharp: number;
  readonly evaluation: number;
  readonly training: number;
  /** Medians of what each round gives, as parts of sharp's rate. */
  readonly evaluationShare: number;
  readonly trainingShare: number;
  /** Of a process that prepares pictures for training and does nothing else: in its threads alone, and with batches of 32 made ahead. */
  readonly memory: { readonly workers: ImageMemory; readonly batches: ImageMemory };
}

interface ImageMemory {
  readonly pictures: number;
  /** Megabytes (10^6 bytes) that it has before the first picture, and the most that it had up to a fifth of them, and in all. */
  readonly beforeMb: number;
  readonly peakOfFirstFifthMb: number;
  readonly peakMb: number;
}

export async function measureImages(
  { imageCount, imageMemoryCount }: Pick<BenchSize, 'imageCount' | 'imageMemoryCount'>,
  rounds: number,
  log: (line: string) => void,
): Promise<ImageFigures> {
  const named = process.env['GMLP_IMAGES'];
  const folder = await mkdtemp(join(tmpdir(), 'gmlp-bench-images-'));
  const threads = availableParallelism();
  const pool = openImagePool({ workers: threads });
  try {
    if (named === undefined) await makeImageFolder(join(folder, 'made-up'), imageCount);
    const path = named ?? join(folder, 'made-up');
    const source = await openImageSource({ format: 'folder', path });
    const count = Math.min(source.count, imageCount);
    const files = await Promise.all(Array.from({ length: count }, async (_, index) => (await source.read(index)).bytes));
    const sides = {
      sharp: () => decodedAndResized(files, threads),
      evaluation: () => throughPipeline(source, pool, count, evaluation),
      training: () => throughPipeline(source, pool, count, training),
    };
    const names = Object.keys(sides) as (keyof typeof sides)[];
    for (const name of names) await sides[name](); // threads start, code warms up
    const rates: Record<keyof typeof sides, number[]> = { sharp: [], evaluation: [], training: [] };
    for (let turn = 0; turn < rounds; turn++) {
      for (const name of names) {
        const start = performance.now();
        await sides[name]();
        rates[name].push((count * 1000) / (performance.now() - start));
      }
      log(
        `round ${turn + 1} of ${rounds}: ${names.map((name) => `${name} ${rates[name].at(-1)!.toFixed(0)}`).join(', ')} pictures/s`,
      );
    }
    const share = (name: 'evaluation' | 'training'): number =>
      round(median(rates[name].map((rate, turn) => rate / rates.sharp[turn]!)), 3);
    const sizes = await Promise.all(files.map((bytes) => sharp(bytes).metadata()));
    return {
      pictures: named === undefined ? 'made up' : 'named by GMLP_IMAGES',
      count,
      meanPixels: Math.round(sizes.reduce((sum, { width, height }) => sum + width * height, 0) / count),
      threads,
      sharp: round(median(rates.sharp), 1),
      evaluation: round(median(rates.evaluation), 1),
      training: round(median(rates.training), 1),
      evaluationShare: share('evaluation'),
      trainingShare: share('training'),
      memory: {
        workers: await memoryOf('workers', path, imageMemoryCount, log),
        batches: await memoryOf('batches', path, imageMemoryCount, log),
      },
    };
  } finally {
    await pool.close();
    await rm(folder, { recursive: true });
  }
}

/** From bytes in memory to bytes of the middle square: what an evaluation needs at least. */
async function decodedAndResized(files: readonly Uint8Array[], threads: number): Promise<void> {
  const waiting = files.values();
  const one = async (): Promise<void> => {
    for (const bytes of waiting) {
      await sharp(bytes).resize(256, 256, { fit: 'outside', kernel: 'cubic' }).raw().toBuffer();
    }
  };
  // Each picture on one thread, and one more waits for each: the fastest way here.
  sharp.concurrency(1);
  sharp.cache(false);
  await Promise.all(Array.from({ length: 2 * threads }, one));
}

async function throughPipeline(source: ImageSource, pool: ImagePool, count: number, transform: ImageTransform): Promise<void> {
  let pictures = 0;
  const all = { epochs: Math.ceil(count / source.count) };
  for await (const batch of imageBatches(source, pool, samplesInOrder(source, null, all), { batchSize, transform })) {
    if (transform.kind === 'training') {
      const mix = drawnMix({ width: size, height: size }, mixing, split(key(1), pictures));
      mixPictures(batch.pictures.data as Float32Array, { width: size, height: size }, mix);
    }
    pictures += batch.labels.length;
    if (pictures >= count) return;
  }
}

async function memoryOf(way: string, path: string, count: number, log: (line: string) => void): Promise<ImageMemory> {
  log(`memory of ${way} over ${count} pictures`);
  const program = fileURLToPath(new URL('image-memory-side.js', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [program, way, path, String(count)]);
  return JSON.parse(stdout) as ImageMemory;
}

export function imageTable({ pictures, count, meanPixels, threads, memory, ...rates }: ImageFigures): string {
  const line = (name: string, rate: number, share?: number) =>
    name.padEnd(34) + rate.toFixed(0).padStart(12) + (share === undefined ? '' : `${(100 * share).toFixed(0)} %`.padStart(12));
  return [
    `${count} pictures ${pictures} of ${meanPixels.toLocaleString('en')} pixels, ${threads} threads`,
    `${''.padEnd(34)}${'pictures/s'.padStart(12)}${'of sharp'.padStart(12)}`,
    line('sharp: decode, resize', rates.sharp),
    line('evaluation transform', rates.evaluation, rates.evaluationShare),
    line("the paper's training transform", rates.training, rates.trainingShare),
    ...Object.entries(memory).map(
      ([way, { pictures: of, beforeMb, peakOfFirstFifthMb, peakMb }]) =>
        `memory of ${way}, MB: ${beforeMb} before, at most ${peakOfFirstFifthMb} over the first fifth of ${of} pictures, ${peakMb} over all`,
    ),
  ].join('\n');
}
