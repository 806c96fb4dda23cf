/** A model says what an image shows. */
import { GmlpError } from '@gmlp/base';
import { changeImageSize } from '@gmlp/models';
import { imageAnswers } from './images/image-answers.ts';
import { type ImageData, imageDataSchema } from './images/image-data.ts';
import { imageFamilies } from './images/image-families.ts';
import { type ImageClasses, imageObjective } from './images/image-objective.ts';
import { imageSizeOf } from './images/image-size-of.ts';
import { lossFigure } from './loss-figure.ts';
import type { Figure, Task } from './task.ts';

const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;
const accuracy = (name: string, label: string): Figure => ({ name, label, better: 'higher', format: percent });
export const imageClassification: Task<ImageData, ImageClasses, undefined> = {
  families: imageFamilies,
  data: imageDataSchema,
  places: ['path', 'validation', 'devkit', 'names', 'onBad'],
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
  beginsWith(trained, config) {
    if (trained.config.family !== config.family) {
      const problem = `they are of a ${trained.config.family}, the model is a ${config.family}`;
      throw new GmlpError('invalid-argument', problem);
    }
    return 'imageSize' in config ? changeImageSize(trained, config.imageSize).params : trained.params;
  },
  // What reads images is loaded where images are read.
  prepare: async (settings, around) => (await import('./images/prepare-images.ts')).prepareImages(settings, around),
  measured: async (path, around) => (await import('./images/measured-images.ts')).measuredImages(path, around),
  objective: (model, { labelSmoothing = 0 }) => imageObjective(model, labelSmoothing),
  mirrored: (model, { labelSmoothing = 0 }) => imageObjective(model, labelSmoothing, { flip: true }),
  shapes(config, _, batchSize) {
    const size = imageSizeOf(config);
    return {
      image: { dtype: 'float32', shape: [batchSize, size, size, 3] },
      labels: { dtype: 'int32', shape: [batchSize] },
      others: { dtype: 'int32', shape: [batchSize] },
      share: { dtype: 'float32', shape: [] },
    };
  },
  size: async () => undefined,
  answers: imageAnswers,
};
