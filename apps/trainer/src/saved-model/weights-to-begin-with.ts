/** The weights that a run begins with where its recipe names a saved model: the body of that, and a head of its own. */
import { existsSync } from 'node:fs';
import { GmlpError, type HostArray, key, plainMessage, split } from '@gmlp/base';
import { toNamed } from '@gmlp/layers';
import { type CreatedModel, changeImageSize, type PretrainedModel, withTrainedBody } from '@gmlp/models';
import { loadPretrained } from '@gmlp/models/node';
import { findModel } from './find-model.ts';

/** From a model directory, a checkpoint or a run, of gmlp or of another that `loadPretrained` reads, or from the Hugging Face Hub. */
export async function loadWeights(from: string): Promise<PretrainedModel> {
  return loadPretrained(existsSync(from) ? (await findModel(from)).directory : from);
}

/** By name. The head is drawn as that of a model without trained weights is; another image size is that of `changeImageSize`. */
export async function weightsToBeginWith(
  from: string,
  { config, module }: CreatedModel,
  seed: number,
): Promise<ReadonlyMap<string, HostArray>> {
  const trained = await loadWeights(from);
  const fail = (problem: string, cause?: unknown): GmlpError =>
    new GmlpError('invalid-argument', `train: the weights of ${from} cannot be begun with: ${problem}`, { from }, { cause });
  if (trained.config.family !== config.family)
    throw fail(`they are of a ${trained.config.family}, the model is a ${config.family}`);
  try {
    const { params } = 'imageSize' in config ? changeImageSize(trained, config.imageSize) : trained;
    return toNamed<HostArray>(withTrainedBody(module.spec, params, split(key(seed), 'initial')));
  } catch (error) {
    throw GmlpError.isInstance(error) ? fail(plainMessage(error), error) : error;
  }
}
