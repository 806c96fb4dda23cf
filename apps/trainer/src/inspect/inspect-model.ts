/** What a model directory holds: the config, the names and shapes of all parameters, and of the values the spatial weights only. */
import { GmlpError, type HostArray, sameShape } from '@gmlp/base';
import { inspectModelTensors, readModelDirectory } from '@gmlp/checkpoint/node';
import { countParameters, type Parameter, summary, toNamed } from '@gmlp/layers';
import { createModel, familyOf, type ModelConfig, type ModelOptions } from '@gmlp/models';
import { type SpatialForm, spatialForm } from './spatial-form.ts';

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
  const { config } = createModel(given as ModelOptions);
  const { spec } = familyOf(config).forward(config);
  const parameters = toNamed<Parameter>(spec);
  checkNames(directory, parameters, await inspectModelTensors(directory));
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

function checkNames(
  directory: string,
  expected: ReadonlyMap<string, Parameter>,
  found: ReadonlyMap<string, { readonly shape: readonly number[] }>,
): void {
  const missing = [...expected.keys()].filter((name) => !found.has(name));
  const unexpected = [...found.keys()].filter((name) => !expected.has(name));
  const misshapen = [...expected].flatMap(([name, { shape }]) => {
    const came = found.get(name)?.shape;
    return came === undefined || sameShape(came, shape)
      ? []
      : [`${name} is [${came.join(', ')}], expected [${shape.join(', ')}]`];
  });
  const problems = [
    ...(missing.length > 0 ? [`missing: ${missing.join(', ')}`] : []),
    ...(unexpected.length > 0 ? [`unexpected: ${unexpected.join(', ')}`] : []),
    ...(misshapen.length > 0 ? [`of another shape: ${misshapen.join('; ')}`] : []),
  ];
  if (problems.length === 0) return;
  throw new GmlpError(
    missing.length + unexpected.length > 0 ? 'name-mismatch' : 'shape-mismatch',
    `inspectModel: the weights in ${directory} are not those of its config\n  ${problems.join('\n  ')}`,
    { directory, missing, unexpected, misshapen },
  );
}
