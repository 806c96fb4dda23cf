/** The weights that a run begins with where its recipe names a saved model: the body of that, and a head of its own. */
import { existsSync } from 'node:fs';
import { GmlpError, type HostArray, key, plainMessage, split } from '@gmlp/base';
import { fetchFromHub, isHubId } from '@gmlp/checkpoint/node';
import { toNamed } from '@gmlp/layers';
import { type CreatedModel, type PretrainedModel, withTrainedBody } from '@gmlp/models';
import { loadPretrained } from '@gmlp/models/node';
import type { Task } from '../tasks/task.ts';
import { findModel } from './find-model.ts';

/** From a model directory, a checkpoint or a run, of gmlp or of another that `loadPretrained` reads, or from the Hugging Face Hub. */
export async function loadWeights(from: string): Promise<PretrainedModel> {
  return loadPretrained(await directoryOf(from));
}

/** The directory that a recipe's `from` means; what is not there and has the form of a name on the Hub is fetched, once. */
export async function directoryOf(from: string): Promise<string> {
  if (existsSync(from)) return (await findModel(from)).directory;
  return isHubId(from) ? fetchFromHub(from) : from;
}

/** By name. The head is drawn as that of a model without trained weights is; what the body is made of, the task says. */
export async function weightsToBeginWith(
  from: string,
  { config, module }: CreatedModel,
  { beginsWith }: Pick<Task, 'beginsWith'>,
  seed: number,
): Promise<ReadonlyMap<string, HostArray>> {
  const trained = await loadWeights(from);
  try {
    const body = beginsWith?.(trained, config);
    return toNamed<HostArray>(withTrainedBody(module.spec, body, split(key(seed), 'initial')));
  } catch (error) {
    if (!GmlpError.isInstance(error)) throw error;
    const problem = `train: the weights of ${from} cannot be begun with: ${plainMessage(error)}`;
    throw new GmlpError('invalid-argument', problem, { from }, { cause: error });
  }
}
