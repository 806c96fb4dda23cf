/** A classifier of images from its directory, with what an image goes through before it and the names of its classes. */
import { join } from 'node:path';
import { GmlpError } from '@gmlp/base';
import { readWholeFile } from '@gmlp/base/node';
import { type Forward, familyOf } from '@gmlp/models';
import { type ImageClass, type ImagePreprocessing, parseClassList, withNames } from '@gmlp/vision';
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

export interface LoadImageModelOptions extends LoadOptions {
  /** A file with words for the classes, as ImageNet's `synset_words.txt`: by their ids, or in their order where the model names none. */
  readonly names?: string | undefined;
}

/** Some times ImageNet's list of 21,841 classes. */
const mostBytesOfNames = 2 ** 24;

export async function loadImageModel(
  directory: string,
  { names, ...options }: LoadImageModelOptions = {},
): Promise<LoadedImageModel> {
  const { model, params, modelFiles } = await loadModel(directory, options, {
    families: imageFamilies,
    doing: 'says what an image shows',
    files: [preprocessingFile],
  });
  const { config } = model;
  const { classes: expected } = familyOf(config).facts(config);
  const path = join(directory, preprocessingFile);
  const { classes: own, transform } = ofFile(path, () => readPreprocessing(modelFiles));
  const named = names === undefined ? own : await inWords(own, expected!, names);
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

async function inWords(own: readonly ImageClass[], expected: number, path: string): Promise<readonly ImageClass[]> {
  const file = 'the names of the classes';
  const list = parseClassList((await readWholeFile(file, path, mostBytesOfNames)).toString('utf8'), path);
  if (own.length > 0) return withNames(own, list);
  if (list.length === expected) return list;
  const problem = `${path} names ${list.length} classes, and the model, which names none, tells ${expected} apart`;
  throw new GmlpError('invalid-argument', `loadImageModel: ${problem}; expected a line for each, in their order`, { path });
}
