/**
 * A model with trained weights, from a directory or from the Hugging Face Hub: as gmlp writes it, or as another
 * implementation publishes it. Strict: every parameter must be there, in its shape, and nothing besides.
 */
import { existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { GmlpError } from '@gmlp/base';
import { modelFileNames } from '@gmlp/checkpoint';
import { expectUndamaged, type FetchFromHubOptions, fetchFromHub, isHubId, readModelTensors } from '@gmlp/checkpoint/node';
import type { FamilyName } from '../families.ts';
import { shown } from '../parse-config.ts';
import { type ModelSource, type PretrainedModel, readPretrained } from '../pretrained-format.ts';

/** Of these, all but `family` matter to a model of the Hub alone. */
export interface LoadPretrainedOptions<F extends FamilyName = FamilyName> extends FetchFromHubOptions {
  /** Which family it must be of; the result is typed by it. Any unless given. */
  readonly family?: F;
}

/**
 * `loadPretrained('runs/mine/model')`, `loadPretrained('timm/gmlp_s16_224.ra3_in1k', { family: 'gmlp-vision' })`. A directory
 * that exists is read without a network. Other names are looked up on the Hub, once: what was fetched lies in the cache that the
 * Hub's tools share.
 *
 * Errors: `not-found` for a directory, file or architecture that does not exist, `invalid-data` and `invalid-config` for files
 * that are broken or of an unknown format, `name-mismatch` and `shape-mismatch` for weights of another model.
 */
export async function loadPretrained<F extends FamilyName = FamilyName>(
  directoryOrHubId: string,
  { family, ...hub }: LoadPretrainedOptions<F> = {},
): Promise<PretrainedModel<F>> {
  const directory = (await isDirectory(directoryOrHubId)) ? directoryOrHubId : await fetchModel(directoryOrHubId, hub);
  const model = await readPretrained('loadPretrained', await directorySource(directory));
  if (family !== undefined && model.config.family !== family) {
    throw new GmlpError(
      'invalid-argument',
      `loadPretrained: ${directory} holds a model of the family "${model.config.family}", expected "${family}"`,
      { directory, expected: family, got: model.config.family },
    );
  }
  return model as PretrainedModel<F>;
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    if ((await stat(path)).isDirectory()) return true;
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return false;
    throw new GmlpError('io', `loadPretrained: ${path}: ${message}`, { path }, { cause });
  }
  throw new GmlpError('invalid-argument', `loadPretrained: expected the directory of a model, ${path} is a file`, { path });
}

function fetchModel(id: string, options: FetchFromHubOptions): Promise<string> {
  if (isHubId(id)) return fetchFromHub(id, options);
  throw new GmlpError(
    'not-found',
    `loadPretrained: there is no directory ${shown(id)}, and a model on the Hub is named owner/name`,
    { id },
  );
}

async function directorySource(directory: string): Promise<ModelSource> {
  await expectUndamaged(directory); // of a checkpoint
  const configName = join(directory, modelFileNames.config);
  const failed =
    (path: string, why: string) =>
    (cause: NodeJS.ErrnoException): never => {
      const missing = cause.code === 'ENOENT';
      const problem = missing ? `does not exist; ${why}` : cause.message;
      throw new GmlpError(missing ? 'not-found' : 'io', `loadPretrained: ${path} ${problem}`, { path }, { cause });
    };
  const text = async (name: string): Promise<string | undefined> => {
    const path = join(directory, name);
    return existsSync(path) ? readFile(path, 'utf8').catch(failed(path, 'it was there just now')) : undefined;
  };
  return {
    name: directory,
    configName,
    config: await readFile(configName).catch(failed(configName, 'a model has one beside its weights')),
    tensors: () =>
      readModelTensors(directory).catch(async (error: unknown) => {
        if (GmlpError.isInstance(error) && error.code === 'not-found') await expectNoOtherWeights(directory, error);
        throw error;
      }),
    text,
  };
}

/** Weights in Python's own form may hold code, and are not read; says how they are converted. */
async function expectNoOtherWeights(directory: string, cause: GmlpError): Promise<void> {
  const names = await readdir(directory).catch(() => []);
  const name = names.sort().find((each) => /\.(bin|pth?|ckpt|h5|msgpack)$/.test(each));
  if (name === undefined || names.some((each) => each.endsWith('.safetensors'))) return;
  const [from, to] = [join(directory, name), join(directory, modelFileNames.tensors)].map((path) => JSON.stringify(path));
  const lines = [
    'import torch',
    'from safetensors.torch import save_file',
    `weights = torch.load(${from}, map_location="cpu", weights_only=True)`,
    `save_file({name: w.clone().contiguous() for name, w in weights.items()}, ${to}, {"format": "pt"})`,
  ];
  const how = /\.(bin|pth?)$/.test(name)
    ? `convert them with Python, torch and safetensors:\n  ${lines.join('\n  ')}`
    : `load the model in Python with transformers, and save it: model.save_pretrained(${JSON.stringify(directory)})`;
  throw new GmlpError(
    'not-found',
    `loadPretrained: ${directory} has weights as ${name} only, which is not read: such files may hold code; ${how}`,
    { directory, name },
    { cause },
  );
}
