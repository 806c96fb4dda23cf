/** `Task.prepare` of the images: opened, a part held out, as batches. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { formatNumber, GmlpError, key, split } from '@gmlp/base';
import { makeFolder, writeFileAtomically } from '@gmlp/checkpoint/node';
import type { EvaluationTransform, ImageSource, TrainingTransform } from '@gmlp/vision';
import { openImagePool } from '@gmlp/vision/node';
import type { DataSettings, DataSurroundings, PreparedData } from '../task.ts';
import { leftOutCount, leftOutInWords, leftOutLines } from '../text/left-out.ts';
import { type ImageData, normalisations } from './image-data.ts';
import { evaluationBatchCount, imageEvaluationBatches, imageTrainingBatches } from './image-host-batches.ts';
import type { ImageClasses } from './image-objective.ts';
import { openImageParts } from './image-parts.ts';
import { imageSizeOf } from './image-size-of.ts';
import { leftOutImages } from './left-out-images.ts';
import { imagePreprocessing } from './preprocessing.ts';

export async function prepareImages(
  { data, config, seed, batchSize }: DataSettings<ImageData>,
  { folder, progress, stopIfAborted }: DataSurroundings,
): Promise<PreparedData<ImageClasses, undefined>> {
  await makeFolder(folder);
  const root = key(seed);
  const size = imageSizeOf(config);
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
  const evaluation = evaluationOf(data, size);
  const transform = { kind: 'training', seed, ...trainingTransformOf(data, size) } as const;
  const pool = openImagePool();
  return {
    training: (first) =>
      imageTrainingBatches(training, pool, data, { batchSize, transform, key: split(root, 'batches'), first, onBadSample }),
    validation: () => imageEvaluationBatches(validation, pool, evaluation, onBadSample),
    validationBatches: evaluationBatchCount(validation),
    modelFiles: imagePreprocessing(training, evaluation),
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
}

const fingerprintOf = ({ fingerprint }: ImageSource): string => createHash('sha256').update(fingerprint).digest('hex');

function evaluationOf(data: ImageData, size: number): EvaluationTransform {
  return { size, cropFraction: data.cropFraction, interpolation: 'bicubic', ...normalisations[data.normalisation] };
}

export function trainingTransformOf(data: ImageData, size: number): TrainingTransform {
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
