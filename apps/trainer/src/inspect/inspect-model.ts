/** What a model directory holds: the config, the names and shapes of all parameters, and of the values the spatial weights only. */
import type { HostArray } from '@gmlp/base';
import { inspectModelTensors, readModelDirectory } from '@gmlp/checkpoint/node';
import { countParameters, expectParameters, type Parameter, type SpatialForm, spatialForm, summary, toNamed } from '@gmlp/layers';
import { familyOf, type ModelConfig } from '@gmlp/models';
import { createSavedModel } from '../saved-model/create-saved-model.ts';

export interface InspectedModel {
  readonly directory: string;
  readonly config: ModelConfig;
  /** The printed tree, with counts. */
  readonly tree: string;
  readonly parameters: number;
  /** All parameters by name. */
  readonly shapes: ReadonlyMap<string, readonly number[]>;
  /** Of each block that has one, the first block first. */
  readonly spatial: readonly SpatialWeightOfBlock[];
}

export interface SpatialWeightOfBlock {
  readonly name: string;
  /** Counted from 0. */
  readonly block: number;
  readonly form: SpatialForm;
  readonly weight: HostArray;
}

/** Refuses a directory whose parameters are not those of its config. */
export async function inspectModel(directory: string): Promise<InspectedModel> {
  const { config: given, tensors } = await readModelDirectory(directory, { only: (name) => spatialForm(name, []) !== undefined });
  const { config } = createSavedModel(directory, given);
  const { spec } = familyOf(config).forward(config);
  const parameters = toNamed<Parameter>(spec);
  const summaries = await inspectModelTensors(directory, { undamaged: true }); // it was just read
  const found = new Map(Array.from(summaries, ([name, { shape }]) => [name, { shape }]));
  expectParameters(`inspectModel: the weights in ${directory} are not those of its config`, spec, found);
  const spatial = [...parameters].flatMap(([name, { shape }]) => {
    const found = spatialForm(name, shape);
    return found === undefined ? [] : [{ name, ...found, weight: tensors.get(name)! }];
  });
  return {
    directory,
    config,
    tree: summary(spec),
    parameters: countParameters(spec),
    shapes: new Map([...parameters].map(([name, { shape }]) => [name, shape])),
    spatial,
  };
}
