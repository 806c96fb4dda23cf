/** A model says what an image shows. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { formatNumber, GmlpError, key, split } from '@gmlp/base';
import { makeFolder, writeFileAtomically } from '@gmlp/checkpoint/node';
import { familyOf, type ModelConfig } from '@gmlp/models';
import { type EvaluationTransform, type ImageSource, samplesInOrder, type TrainingTransform } from '@gmlp/vision';
import { imageBatches, openImagePool } from '@gmlp/vision/node';
import { type ImageData, imageDataSchema, normalisations } from './images/image-data.ts';
import { type ImageClasses, imageObjective } from './images/image-objective.ts';
import { openImageParts } from './images/image-parts.ts';
import { hostBatch, type ImageHostBatch, imageTrainingBatches } from './images/image-training-batches.ts';
import { leftOutImages } from './images/left-out-images.ts';
import { imagePreprocessing, measuredImages } from './images/measured-images.ts';
import { lossFigure } from './loss-figure.ts';
import type { Figure, Task } from './task.ts';
import { leftOutCount, leftOutInWords, leftOutLines } from './text/left-out.ts';

const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;
const accuracy = (name: string, label: string): Figure => ({ name, label, better: 'higher', format: percent });
/** Images of an evaluation at a time. */
const measuredAtOnce = 64;

const sizeOf = (config: ModelConfig): number => familyOf(config).inputs(config)['image']!.shape[1] as number;

export const imageClassification: Task<ImageData, ImageClasses, undefined> = {
  families: ['gmlp-vision', 'vit', 'mixer-vision', 'resmlp'],
  data: imageDataSchema,
  places: ['path', 'validation', 'devkit', 'onBad'],
  folder: 'images',
  modelFiles: ['preprocessing.json'],
  parts: { training: 'the images to train on', validation: 'the held-out images' },
  config: ({ classes }) => ({ head: { classes } }),
  about: ({ path }) => path,
  unit: 'images',
  figures: [accuracy('top1', 'top-1 accuracy'), accuracy('top5', 'top-5 accuracy'), lossFigure],
  headline: 'top1',
  baseline: [{ name: 'commonestTop1', label: 'the commonest class', of: 'top1' }],
  counted: { name: 'images', label: 'images', of: ({ units }) => units },
  async prepare({ data, config, seed, batchSize }, { folder, progress, stopIfAborted }) {
    await makeFolder(folder);
    const root = key(seed);
    const size = sizeOf(config);
    const bad = leftOutImages(data.onBad);
    const open = (onBad = bad.report) =>
      openImageParts(data, {
        folder,
        onBad,
        key: split(root, 'held out'),
        onProgress(text) {
          stopIfAborted();
          progress.update(text);
        },
      });
    const { training, validation, close } = await open();
    const counts = `${formatNumber(training.count)} to train on, ${formatNumber(validation.count)} held out`;
    progress.print(`images: ${counts}, ${training.classes.length} classes`);
    if (training.count < batchSize) {
      await close();
      throw new GmlpError(
        'invalid-argument',
        `train: there are ${formatNumber(training.count)} images to train on, fewer than a batch has (batchSize ${batchSize}); take more images, or a smaller batchSize`,
        { count: training.count, batchSize },
      );
    }
    const onBadSample = bad.report;
    const evaluation = { kind: 'evaluation', ...evaluationOf(data, size) } as const;
    const transform = { kind: 'training', seed, ...trainingOf(data, size) } as const;
    const pool = openImagePool();
    return {
      training: (first) =>
        imageTrainingBatches(training, pool, data, { batchSize, transform, key: split(root, 'batches'), first, onBadSample }),
      async *validation(): AsyncGenerator<ImageHostBatch> {
        const samples = samplesInOrder(validation, null, { epochs: 1 });
        const options = { batchSize: measuredAtOnce, transform: evaluation, onBadSample };
        for await (const batch of imageBatches(validation, pool, samples, options)) yield hostBatch(batch, 1);
      },
      validationBatches: Math.ceil(validation.count / measuredAtOnce),
      modelFiles: imagePreprocessing(training, evaluationOf(data, size)),
      fingerprints: { training: fingerprintOf(training), validation: fingerprintOf(validation) },
      async changes() {
        const now = await open(leftOutImages(data.onBad).report);
        await now.close();
        const changed = ([part, before, after]: readonly [string, ImageSource, ImageSource]): readonly string[] =>
          before.fingerprint === after.fingerprint ? [] : [`${part} are others now (${fingerprintOf(after).slice(0, 12)})`];
        return {
          changes: [
            ...changed(['the images to train on', training, now.training]),
            ...changed(['the held-out images', validation, now.validation]),
          ],
          notes: [],
        };
      },
      baseline: async () => ({ commonestTop1: commonestShare(training, validation) }),
      async close() {
        await pool.close();
        await close();
        if (leftOutCount(bad) > 0) {
          const list = join(folder, 'left-out.jsonl');
          await writeFileAtomically(list, leftOutLines(bad));
          progress.print(`images left out: ${leftOutInWords(bad)}, listed in ${list}`);
        }
      },
    };
  },
  measured: measuredImages,
  objective: (model, { labelSmoothing = 0 }) => imageObjective(model, labelSmoothing),
  shapes(config, _, batchSize) {
    const size = sizeOf(config);
    return {
      image: { dtype: 'float32', shape: [batchSize, size, size, 3] },
      labels: { dtype: 'int32', shape: [batchSize] },
      others: { dtype: 'int32', shape: [batchSize] },
      share: { dtype: 'float32', shape: [] },
    };
  },
  size: async () => undefined,
};

const fingerprintOf = ({ fingerprint }: ImageSource): string => createHash('sha256').update(fingerprint).digest('hex');

function evaluationOf(data: ImageData, size: number): EvaluationTransform {
  return { size, cropFraction: data.cropFraction, interpolation: 'bicubic', ...normalisations[data.normalisation] };
}

function trainingOf(data: ImageData, size: number): TrainingTransform {
  return {
    size,
    interpolation: 'bicubic',
    ...normalisations[data.normalisation],
    crop: data.crop === 'padded' ? { kind: 'padded', padding: data.padding } : { kind: 'resized', scale: [data.smallestArea, 1] },
    flip: data.flip,
    policy: data.policy,
    colorJitter: data.colorJitter,
    ...(data.erasing > 0 && { erasing: { probability: data.erasing } }),
  };
}

/** How often the class that is commonest among the images to train on is right. */
function commonestShare(training: ImageSource, validation: ImageSource): number {
  const counts = new Float64Array(training.classes.length);
  for (let i = 0; i < training.count; i++) counts[training.label(i)]!++;
  const commonest = counts.indexOf(Math.max(...counts));
  let right = 0;
  for (let i = 0; i < validation.count; i++) if (validation.label(i) === commonest) right++;
  return right / validation.count;
}
