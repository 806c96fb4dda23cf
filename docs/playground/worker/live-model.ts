/** A model of the page: as it rests between two trainings, and what can be asked of it then or between two steps. */
import { type HostArray, key, split } from '@gmlp/base';
import { exportOnnx } from '@gmlp/compiler';
import { type CompiledFunction, type Device, disposeTree, type Host } from '@gmlp/devices';
import {
  countParameters,
  inference,
  initialValues,
  loadStrict,
  type Module,
  type Parameter,
  spatialForm,
  toNamed,
} from '@gmlp/layers';
import {
  type ConfigOf,
  type CreatedModel,
  createModel,
  familyOf,
  type MaskedLanguageBatch,
  type ModelOptions,
  type TextGenerator,
  textGenerator,
} from '@gmlp/models';
import { loadTokenizer, type Tokenizer } from '@gmlp/text';
import type { RunCheckpoint } from '@gmlp/training';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { LiveModelFacts } from './messages.ts';

/** The parameters of a language model: a tree that only the model looks into. */
export type ModelParameters = { readonly [part: string]: unknown };
export type Config = ConfigOf<'gmlp-language'> | ConfigOf<'bert'> | ConfigOf<'mixer-language'>;
/** ids int32 [batch, tokens], positions int32 [batch, chosen]: the scores of all pieces are asked for there. */
export type ModelInput = Pick<MaskedLanguageBatch, 'ids' | 'positions'>;

/** Host arrays: what a training left, or parameters that none has touched. */
export type RestingModel = RunCheckpoint | Pick<RunCheckpoint, 'step' | 'model'>;

export interface LiveModel {
  readonly device: Device;
  readonly config: Config;
  readonly module: Module<ModelParameters, ModelInput>;
  readonly tokenizer: Tokenizer;
  /** The text of tokenizer.json. */
  readonly tokenizerFile: string;
  readonly scores: CompiledFunction<[params: ModelParameters, ids: Tensor, positions: Tensor], Tensor>;
  /** Goes on with a text, if the model is causal. */
  readonly generate?: TextGenerator;
  /** Replaced at each checkpoint of its training. */
  resting: RestingModel;
}

/** The parameters on the device after so many steps. */
export interface Moment {
  readonly params: ModelParameters;
  readonly step: number;
}

/** The seed of a model's parameters and of its training. */
export const seed = 0;
export const rootKey = key(seed);

export interface NewModel {
  readonly options: ModelOptions;
  readonly tokenizerFile: string;
  /** Values to begin with by name; drawn when left out. */
  readonly parameters?: ReadonlyMap<string, HostArray>;
}

export function putModel(device: Device, { options, tokenizerFile, parameters }: NewModel): LiveModel {
  const created = createModel(options);
  const config = created.config as Config;
  const module = created.module as unknown as Module<ModelParameters, ModelInput>;
  const scores = device.compile((values: ModelParameters, ids: Tensor, positions: Tensor) =>
    module.apply(values, { ids, positions }, inference),
  );
  const generate = isCausal(created) ? textGenerator(device, created) : undefined;
  const model = parameters ?? toNamed<HostArray>(initialValues(module.spec, split(rootKey, 'initial')));
  return {
    ...{ device, config, module, tokenizer: loadTokenizer(tokenizerFile), tokenizerFile, scores },
    ...(generate && { generate }),
    resting: { step: 0, model },
  };
}

const isCausal = (created: CreatedModel): created is CreatedModel<'gmlp-language'> =>
  familyOf(created.config).facts(created.config).causal;

export async function disposeModel({ scores, generate }: LiveModel): Promise<void> {
  await Promise.all([scores.dispose(), generate?.dispose()]);
}

/** As the model rests, its parameters on the device for as long as they are used. */
export async function atRest<T>({ device, module, resting }: LiveModel, use: (moment: Moment) => Promise<T>): Promise<T> {
  const params = device.put<ModelParameters>(loadStrict(module.spec, resting.model) as Host<ModelParameters>);
  try {
    return await use({ params, step: resting.step });
  } finally {
    disposeTree(params);
  }
}

export function factsOf({ device, config, module }: LiveModel): LiveModelFacts {
  return {
    family: config.family,
    causal: familyOf(config).facts(config).causal,
    device: device.name,
    parameters: countParameters(module.spec),
    layers: config.layers,
    tokens: config.tokens,
    vocabulary: config.vocabulary,
    filters: [...toNamed<Parameter>(module.spec)].some(([name, { shape }]) => mapsTokensToTokens(name, shape)),
  };
}

/** Those of a Mixer go to hidden units, which are no places of the text. */
function mapsTokensToTokens(name: string, shape: readonly number[]): boolean {
  const of = spatialForm(name, shape);
  return of !== undefined && of.form !== 'hidden';
}

/** The spatial weights of the blocks. */
export async function filtersOf({ device }: LiveModel, { params }: Moment): Promise<HostArray[]> {
  const named = [...toNamed<Tensor>(params)].filter(([name, { shape }]) => mapsTokensToTokens(name, shape));
  return await device.read(named.map(([, weight]) => weight));
}

/** The model as an ONNX file that other programs run. */
export async function onnxOf({ device, config }: LiveModel, { params }: Moment): Promise<Uint8Array<ArrayBuffer>> {
  const family = familyOf(config);
  const { apply } = family.forward(config);
  const { model } = exportOnnx(
    ((values: unknown, named: Record<string, Tensor>) => ({ logits: apply(values, named, inference) })) as never,
    { parameters: await device.read(params), inputs: family.inputs(config) },
  );
  return model as Uint8Array<ArrayBuffer>;
}
