import { GmlpError, key } from '@gmlp/base';
import type { ImageSource } from '@gmlp/vision';
import type { ImagePool } from '@gmlp/vision/node';
import { expect, it } from 'vitest';
import { type ImageHostBatch, imageEvaluationBatches, imageTrainingBatches } from './image-host-batches.ts';

const pool: ImagePool = { transformed: async (_, __, { size }) => new Float32Array(size * size * 3), close: async () => {} };

/** Ten images of two classes, of which those at some places cannot be read. */
function source(damaged: (index: number) => boolean): ImageSource {
  const label = (index: number): number => index % 2;
  return {
    ...{ count: 10, classes: [], fingerprint: '', skipped: new Map(), label, close: async () => {} },
    async read(index) {
      const from = { file: `${index}.jpg`, offset: 0, key: '' };
      if (damaged(index)) throw new GmlpError('invalid-data', 'broken', { ...from, reason: 'damaged', detail: 'broken' });
      return { bytes: Uint8Array.of(1), encoding: { kind: 'jpeg' }, from, label: label(index) };
    },
  };
}

const normal = { mean: [0, 0, 0], deviation: [1, 1, 1], size: 2, interpolation: 'bicubic' } as const;
const transform = {
  kind: 'training',
  seed: 0,
  crop: { kind: 'padded', padding: 0 },
  flip: 'none',
  colorJitter: 0,
  ...normal,
} as const;
const data = { mixup: 0, cutmix: 0, switchProbability: 0.5, repeats: 1 };

async function unitsOf(batches: AsyncIterable<ImageHostBatch>, most: number): Promise<number[]> {
  const units: number[] = [];
  for await (const batch of batches) if (units.push(batch.units) === most) break;
  return units;
}

const measured = (damaged: (index: number) => boolean) =>
  unitsOf(
    imageEvaluationBatches(source(damaged), pool, { ...normal, cropFraction: 1 }, () => {}),
    9,
  );
const trained = (damaged: (index: number) => boolean) =>
  unitsOf(
    imageTrainingBatches(source(damaged), pool, data, { batchSize: 4, transform, key: key(0), first: 0, onBadSample: () => {} }),
    9,
  );

it('counts what could be read', async () => {
  expect(await measured((index) => index < 3)).toEqual([7]);
  const units = await trained((index) => index < 3);
  expect(units).toHaveLength(9);
  expect(units.reduce((sum, each) => sum + each)).toBeLessThan(9 * 4);
});

it('of images none of which can be read nothing is learned and nothing is measured', async () => {
  await expect(measured(() => true)).rejects.toThrow('not one of the images to measure on can be read');
  await expect(trained(() => true)).rejects.toThrow('not one of the images to train on can be read');
  expect(await trained((index) => index !== 0)).toHaveLength(9); // one is enough
});
