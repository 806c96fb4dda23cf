/** A model on a device with the state of its training, and what can be asked of it between two steps. */
import { type HostArray, key, split } from '@gmlp/base';
import { exportOnnx } from '@gmlp/compiler';
import { type CompiledFunction, type Device, disposeTree, type Host } from '@gmlp/devices';
import { countParameters, inference, initialValues, type Module, toNamed } from '@gmlp/layers';
import {
  type ConfigOf,
  createModel,
  familyOf,
  type MaskedLanguageBatch,
  type ModelOptions,
  maskedLanguageLoss,
} from '@gmlp/models';
import type { AdamWState } from '@gmlp/ops';
import { encodeSentences, likeliest, loadTokenizer, type Tokenizer } from '@gmlp/text';
import { adamwOptimiser, type TrainingState, type TrainingStep, trainingStep } from '@gmlp/training';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { FilledSentence, LiveModelFacts } from './messages.ts';

/** The parameters of a model that fills masks: a tree that only the model looks into. */
export type ModelParameters = { readonly [part: string]: unknown };
export type Config = ConfigOf<'gmlp-language'> | ConfigOf<'bert'> | ConfigOf<'mixer-language'>;
type Input = Pick<MaskedLanguageBatch, 'ids' | 'positions'>;

export interface LiveModel {
  readonly device: Device;
  readonly config: Config;
  readonly module: Module<ModelParameters, Input>;
  readonly tokenizer: Tokenizer;
  /** The text of tokenizer.json. */
  readonly tokenizerFile: string;
  readonly step: TrainingStep<ModelParameters, AdamWState<ModelParameters>, MaskedLanguageBatch>;
  readonly scores: CompiledFunction<[params: ModelParameters, ids: Tensor, positions: Tensor], Tensor>;
  /** Advances as it is trained. */
  readonly state: TrainingState<ModelParameters, AdamWState<ModelParameters>>;
}

/** Everything random about a model begins here. */
export const rootKey = key(0);

export interface NewModel {
  readonly options: ModelOptions;
  readonly tokenizerFile: string;
  /** Values to begin with; drawn when left out. */
  readonly params?: Host<ModelParameters>;
}

export async function putModel(device: Device, { options, tokenizerFile, params }: NewModel): Promise<LiveModel> {
  const created = createModel(options);
  const config = created.config as Config;
  const module = created.module as unknown as Module<ModelParameters, Input>;
  const step = trainingStep(device, {
    loss: maskedLanguageLoss(module),
    optimiser: adamwOptimiser<ModelParameters>(module.spec, { weightDecay: 0.01, epsilon: 1e-6 }),
  });
  const scores = device.compile((values: ModelParameters, ids: Tensor, positions: Tensor) =>
    module.apply(values, { ids, positions }, inference),
  );
  const first = device.put<ModelParameters>(params ?? initialValues(module.spec, split(rootKey, 'initial')));
  const state = { params: first, optimiser: await step.initialState(first), step: 0 };
  return { device, config, module, tokenizer: loadTokenizer(tokenizerFile), tokenizerFile, step, scores, state };
}

export async function disposeModel({ state, step, scores }: LiveModel): Promise<void> {
  disposeTree([state.params, state.optimiser]);
  await Promise.all([step.dispose(), scores.dispose()]);
}

const spatialWeight = /^blocks\.\d+\.gate\.spatial\.weight$/;

export function factsOf({ device, config, module }: LiveModel): LiveModelFacts {
  return {
    family: config.family,
    device: device.name,
    parameters: countParameters(module.spec),
    layers: config.layers,
    tokens: config.tokens,
    vocabulary: config.vocabulary,
    filters: [...toNamed(module.spec).keys()].some((name) => spatialWeight.test(name)),
  };
}

/** The spatial weights of the blocks. */
export async function filtersOf({ device, state }: LiveModel): Promise<HostArray[]> {
  const weights = [...toNamed<Tensor>(state.params)].filter(([name]) => spatialWeight.test(name)).map(([, weight]) => weight);
  return await device.read(weights);
}

/** The five likeliest pieces for each [MASK] of a sentence. */
export async function fillSentence(
  { device, config, tokenizer, scores, state }: LiveModel,
  sentence: string,
): Promise<FilledSentence> {
  const { step } = state;
  const { ids, positions } = device.put<Input>(encodeSentences([sentence], tokenizer, config.tokens));
  const logits = await scores(state.params, ids, positions);
  const values = await device.read(logits);
  disposeTree([ids, positions, logits]);
  return { masks: likeliest(values, tokenizer, [sentence]), step };
}

/** The model as an ONNX file that other programs run. */
export async function onnxOf({ device, config, state }: LiveModel): Promise<Uint8Array<ArrayBuffer>> {
  const family = familyOf(config);
  const { apply } = family.forward(config);
  const { model } = exportOnnx(
    ((params: unknown, named: Record<string, Tensor>) => ({ logits: apply(params, named, inference) })) as never,
    { parameters: await device.read(state.params), inputs: family.inputs(config) },
  );
  return model as Uint8Array<ArrayBuffer>;
}
