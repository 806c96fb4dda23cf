/** A model of any family from its directory, checked against its own config. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GmlpError, type HostArray, plainMessage } from '@gmlp/base';
import { modelFileNames, modelTextFiles } from '@gmlp/checkpoint';
import { expectUndamaged, readModelDirectory, readSafetensorsFile } from '@gmlp/checkpoint/node';
import { loadStrict, type Spec, toNamed } from '@gmlp/layers';
import {
  type CreatedModel,
  createModel,
  type FamilyName,
  familyNames,
  familyOf,
  isForeignConfig,
  type ModelConfig,
  type ModelOptions,
  type PretrainedModel,
} from '@gmlp/models';
import { loadPretrained } from '@gmlp/models/node';
import { formatPreprocessing } from '@gmlp/vision';
import { usualLayout } from '../tasks/answering/answering-data.ts';
import { formatAnswering } from '../tasks/answering/answering-file.ts';
import { formatLabels } from '../tasks/classification/labels-file.ts';

export interface LoadedModel {
  readonly model: CreatedModel;
  /** Host arrays in the tree of the parameters. */
  readonly params: object;
  /** What belongs to it besides config and weights, by file name. */
  readonly modelFiles: ReadonlyMap<string, string>;
}

export interface LoadOptions {
  /** Take the running average of the parameters in the place of the parameters. */
  readonly ema?: boolean;
}

export interface ExpectedModel {
  readonly families: readonly FamilyName[];
  /** What these models do, for the refusal of others. */
  readonly doing: string;
  /** What they are saved with besides config and weights. */
  readonly files: readonly string[];
}

export async function loadModel(
  directory: string,
  { ema = false }: LoadOptions = {},
  { families, doing, files }: ExpectedModel = { families: familyNames, doing: 'is trained by a task', files: [] },
): Promise<LoadedModel> {
  const fail = (problem: string, cause?: unknown): GmlpError =>
    new GmlpError('invalid-data', `loadModel: ${directory} ${problem}`, { directory }, { cause });
  const foreign = await foreignModel(directory);
  const stored = foreign ?? (await readModelDirectory(directory));
  const family: unknown = (stored.config as { readonly family?: unknown } | null)?.family;
  if (!families.some((each) => each === family)) {
    throw fail(`holds a model of the family ${JSON.stringify(family)}; expected one that ${doing}: ${families.join(', ')}`);
  }
  const loading = async <T>(work: () => T | Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw GmlpError.isInstance(error) ? fail(`cannot be loaded: ${plainMessage(error)}`, error) : error;
    }
  };
  const model = await loading(() => createModel(stored.config as ModelOptions));
  const modelFiles = modelTextFiles(stored);
  const missing = files.find((name) => !modelFiles.has(name));
  if (missing !== undefined) throw fail(`has no ${missing}; such a model is saved with one`);
  const params = await loading(async () => {
    const tensors = ema ? await readAverage(directory) : stored.tensors;
    return loadStrict(model.module.spec as Spec<object>, tensors);
  });
  return { model, params, modelFiles };
}

/** A model in the form of another implementation, as `loadPretrained` reads it; undefined where it is gmlp's, or nobody's. */
async function foreignModel(directory: string) {
  const text = await readFile(join(directory, modelFileNames.config), 'utf8').catch(() => '');
  const published = parsed(text);
  if (!isForeignConfig(published)) return undefined;
  const { config, params, tokenizer, preprocessing } = (await loadPretrained(directory)) as PretrainedModel<'gmlp-vision'>;
  return {
    config,
    tensors: toNamed<HostArray>(params),
    ...(tokenizer !== undefined && { tokenizer }),
    ...(preprocessing && { preprocessing: formatPreprocessing(preprocessing) }),
    ...((config as ModelConfig).family === 'sequence-classification' && { labels: publishedLabels(published, config) }),
    // Whether a published model was trained on questions without an answer, nothing of it says.
    ...((config as ModelConfig).family === 'extractive-span' && { answering: formatAnswering(usualLayout) }),
  };
}

/** The classes of a classifier of Hugging Face, by the names of its `id2label`. */
function publishedLabels(published: unknown, config: ModelConfig): string {
  const { classes = 0 } = familyOf(config).facts(config);
  const { id2label } = published as { readonly id2label?: Readonly<Record<string, unknown>> | null };
  const nameOf = (_: unknown, place: number): string => `${id2label?.[place] ?? `LABEL_${place}`}`;
  return formatLabels({ classes: Array.from({ length: classes }, nameOf) });
}

/** What is no JSON is told of by who reads it as a config. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function readAverage(directory: string): Promise<ReadonlyMap<string, HostArray>> {
  const name = 'ema.safetensors';
  const path = join(directory, name);
  if (!existsSync(path)) {
    const problem = 'does not exist; runs keep an average when optimiser.ema is set';
    throw new GmlpError('not-found', `readAverage: ${path} ${problem}`, { path });
  }
  await expectUndamaged(directory, { names: [name] });
  return (await readSafetensorsFile(path)).tensors;
}
