import type { Io } from '../io.ts';
import { printable } from '../printable.ts';
import { findModel } from './find-model.ts';

export interface SavedModel<Model> {
  readonly model: Model;
  /** Where it is, and the folder of the run that it belongs to. */
  readonly directory: string;
  readonly run?: string;
}

/** The model that a path means, loaded; which newer checkpoints were passed over is told. */
export async function openSavedModel<Model>(
  path: string,
  load: (directory: string) => Promise<Model>,
  { stderr }: Pick<Io, 'stderr'>,
): Promise<SavedModel<Model>> {
  const { refused, ...found } = await findModel(path);
  for (const reason of refused) stderr.write(`passed over: ${printable(reason)}\n`);
  return { ...found, model: await load(found.directory) };
}
