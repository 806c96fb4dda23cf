/** A classifier of images from its directory, with what an image goes through before it and the names of its classes. */
import { join } from 'node:path';
import { GmlpError } from '@gmlp/base';
import { type Forward, familyOf } from '@gmlp/models';
import type { ImagePreprocessing } from '@gmlp/vision';
import { imageFamilies } from '../tasks/images/image-families.ts';
import { imageSizeOf } from '../tasks/images/image-size-of.ts';
import { preprocessingFile, readPreprocessing } from '../tasks/images/preprocessing.ts';
import { ofFile } from './create-saved-model.ts';
import { type LoadOptions, loadModel } from './load-model.ts';

export interface LoadedImageModel extends ImagePreprocessing {
  readonly apply: Forward['apply'];
  /** Host arrays in the tree of the parameters. */
  readonly params: object;
}

export async function loadImageModel(directory: string, options: LoadOptions = {}): Promise<LoadedImageModel> {
  const { model, params, modelFiles } = await loadModel(directory, options, {
    families: imageFamilies,
    doing: 'says what an image shows',
    files: [preprocessingFile],
  });
  const { config } = model;
  const { classes: expected } = familyOf(config).facts(config);
  const path = join(directory, preprocessingFile);
  const { classes: named, transform } = ofFile(path, () => readPreprocessing(modelFiles));
  // A model of timm need not name its classes.
  const classes = named.length > 0 ? named : Array.from({ length: expected! }, (_, at) => ({ id: `${at}`, name: `class ${at}` }));
  if (classes.length !== expected) {
    throw new GmlpError(
      'invalid-data',
      `loadImageModel: ${path} names ${classes.length} classes, the model tells ${expected} apart; it is of another model`,
      { path },
    );
  }
  const size = imageSizeOf(config);
  if (transform.size !== size) {
    throw new GmlpError(
      'invalid-data',
      `loadImageModel: ${path} makes images of ${transform.size} pixels, the model takes ${size}; it is of another model`,
      { path },
    );
  }
  return { apply: familyOf(config).forward(config).apply, params, classes, transform };
}
