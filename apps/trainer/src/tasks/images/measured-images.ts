/** Images of somebody's own, to measure a model on. */
import { stat } from 'node:fs/promises';
import { GmlpError } from '@gmlp/base';
import { familyOf } from '@gmlp/models';
import { openImagePool, openImageSource } from '@gmlp/vision/node';
import type { MeasuredData, MeasuredSurroundings } from '../task.ts';
import { leftOutCount } from '../text/left-out.ts';
import { evaluationBatchCount, type ImageHostBatch, imageEvaluationBatches } from './image-host-batches.ts';
import type { ImageClasses } from './image-objective.ts';
import { leftOutImages } from './left-out-images.ts';
import { readPreprocessing } from './preprocessing.ts';

/** A folder of class folders, or a tar of them; the classes are found by their names. */
export async function measuredImages(
  path: string,
  { config, modelFiles, onBad, onLeftOut }: MeasuredSurroundings,
): Promise<MeasuredData<ImageClasses, undefined>> {
  const { classes, transform } = readPreprocessing(modelFiles);
  const outputs = familyOf(config).facts(config).classes;
  const bad = leftOutImages(onBad);
  const format = (await isFolder(path)) ? 'folder' : 'tar';
  const source = await openImageSource({ format, path, ...(classes.length > 0 && { classes }) }, { onBad: bad.report });
  // A model of timm need not name its classes; ImageNet's are in the order of their names, which is that of a folder's.
  if (source.classes.length !== outputs) {
    await source.close();
    throw new GmlpError(
      'invalid-argument',
      `${path} has ${source.classes.length} classes, the model tells ${outputs} apart and does not name them; give images of as many`,
      { classes: source.classes.length, expected: outputs },
    );
  }
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
