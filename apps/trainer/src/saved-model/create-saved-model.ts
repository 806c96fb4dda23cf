import { join } from 'node:path';
import { GmlpError, plainMessage } from '@gmlp/base';
import { type CreatedModel, createModel, type ModelOptions } from '@gmlp/models';

/** The model of a config that was read from a directory: what is wrong with it is said of its file. */
export function createSavedModel(directory: string, config: unknown): CreatedModel {
  return ofFile(join(directory, 'config.json'), () => createModel(config as ModelOptions));
}

/** What `use` says is wrong, said of the file that it is about. */
export function ofFile<Result>(path: string, use: () => Result): Result {
  try {
    return use();
  } catch (error) {
    if (!GmlpError.isInstance(error)) throw error;
    throw new GmlpError(error.code, `${path}: ${plainMessage(error)}`, { ...error.fields, path }, { cause: error });
  }
}
