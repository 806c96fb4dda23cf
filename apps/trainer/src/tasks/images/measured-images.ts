/** What a model of images needs besides its weights, and images of somebody's own to measure it on. */
import { stat } from 'node:fs/promises';
import { GmlpError } from '@gmlp/base';
import type { EvaluationTransform, ImageClass, ImageSource } from '@gmlp/vision';
import { openImagePool, openImageSource } from '@gmlp/vision/node';
import * as z from 'zod/mini';
import type { MeasuredData, MeasuredSurroundings } from '../task.ts';
import { leftOutCount } from '../text/left-out.ts';
import { evaluationBatchCount, type ImageHostBatch, imageEvaluationBatches } from './image-host-batches.ts';
import type { ImageClasses } from './image-objective.ts';
import { leftOutImages } from './left-out-images.ts';

const channels = z.tuple([z.number(), z.number(), z.number()]);

const schema = z.strictObject({
  formatVersion: z.literal(1),
  classes: z.array(z.strictObject({ id: z.string(), name: z.string() })),
  transform: z.strictObject({
    size: z.int().check(z.positive()),
    cropFraction: z.number().check(z.positive()),
    interpolation: z.enum(['bicubic', 'bilinear']),
    mean: channels,
    deviation: channels,
  }),
});

export interface ImagePreprocessing {
  readonly classes: readonly ImageClass[];
  readonly transform: EvaluationTransform;
}

const fileName = 'preprocessing.json';

/** The classes in the order of the model's outputs, and what an image goes through before it. */
export function imagePreprocessing(
  { classes }: Pick<ImageSource, 'classes'>,
  transform: EvaluationTransform,
): ReadonlyMap<string, string> {
  return new Map([[fileName, `${JSON.stringify({ formatVersion: 1, classes, transform }, null, 2)}\n`]]);
}

export function readPreprocessing(modelFiles: ReadonlyMap<string, string>): ImagePreprocessing {
  const text = modelFiles.get(fileName);
  if (text === undefined) {
    throw new GmlpError(
      'not-found',
      `the model has no ${fileName}, which says what an image goes through before it and what its classes are`,
    );
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new GmlpError('invalid-data', `${fileName} of the model is no JSON`, {}, { cause });
  }
  const read = z.safeParse(schema, value);
  if (!read.success) throw new GmlpError('invalid-data', `${fileName} of the model: ${z.prettifyError(read.error)}`);
  return read.data;
}

/** A folder of class folders, or a tar of them; the classes are found by their names. */
export async function measuredImages(
  path: string,
  { modelFiles, onBad, onLeftOut }: MeasuredSurroundings,
): Promise<MeasuredData<ImageClasses, undefined>> {
  const { classes, transform } = readPreprocessing(modelFiles);
  const bad = leftOutImages(onBad);
  const format = (await isFolder(path)) ? 'folder' : 'tar';
  const source = await openImageSource({ format, path, classes }, { onBad: bad.report });
  const pool = openImagePool();
  async function* batches(): AsyncGenerator<ImageHostBatch> {
    yield* imageEvaluationBatches(source, pool, transform, bad.report);
    if (leftOutCount(bad) > 0) onLeftOut?.(bad);
  }
  return {
    batches: batches(),
    count: evaluationBatchCount(source),
    async close() {
      await pool.close();
      await source.close();
    },
  };
}

const isFolder = async (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    (cause: unknown) => {
      throw new GmlpError('not-found', `the images ${path} do not exist`, { path }, { cause });
    },
  );
