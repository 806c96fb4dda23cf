/** `preprocessing.json` among the files of a saved model. */
import { GmlpError } from '@gmlp/base';
import {
  type EvaluationTransform,
  formatPreprocessing,
  type ImagePreprocessing,
  type ImageSource,
  parsePreprocessing,
} from '@gmlp/vision';

export const preprocessingFile = 'preprocessing.json';

/** The classes in the order of the model's outputs, and what an image goes through before it. */
export function imagePreprocessing(
  { classes }: Pick<ImageSource, 'classes'>,
  transform: EvaluationTransform,
): ReadonlyMap<string, string> {
  return new Map([[preprocessingFile, formatPreprocessing({ classes, transform })]]);
}

export function readPreprocessing(modelFiles: ReadonlyMap<string, string>): ImagePreprocessing {
  const text = modelFiles.get(preprocessingFile);
  if (text !== undefined) return parsePreprocessing(text);
  throw new GmlpError(
    'not-found',
    `the model has no ${preprocessingFile}, which says what an image goes through before it and what its classes are`,
  );
}
