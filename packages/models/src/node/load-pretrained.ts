/**
 * A model with trained weights, from a directory or from the Hugging Face Hub: as gmlp writes it, or as another
 * implementation publishes it. Strict: every parameter must be there, in its shape, and nothing besides.
 */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { GmlpError } from '@gmlp/base';
import { type FetchFromHubOptions, fetchFromHub, isHubId } from '@gmlp/checkpoint/node';
import type { FamilyName } from '../families.ts';
import { shown } from '../parse-config.ts';
import { type PretrainedModel, pretrainedFormats } from './pretrained-format.ts';

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
  const config = await readConfig(join(directory, 'config.json'));
  const format = pretrainedFormats.find((each) => each.recognises(config));
  if (format === undefined) throw unknownFormat(directory, config);
  const model = await format.read(directory, config).catch((error: unknown) => {
    if (!GmlpError.isInstance(error)) throw error;
    const { code, message, fields } = error;
    throw new GmlpError(code, `loadPretrained: ${directory}, ${format.name}: ${message}`, fields, { cause: error });
  });
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

async function readConfig(path: string): Promise<Readonly<Record<string, unknown>>> {
  const fail = (problem: string): GmlpError => new GmlpError('invalid-data', `loadPretrained: ${path} ${problem}`, { path });
  const bytes = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    const missing = cause.code === 'ENOENT';
    const problem = missing ? 'does not exist; a model has one beside its weights' : cause.message;
    throw new GmlpError(missing ? 'not-found' : 'io', `loadPretrained: ${path} ${problem}`, { path }, { cause });
  });
  let config: unknown;
  try {
    config = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw fail(`is not JSON: ${(cause as Error).message}`);
  }
  if (typeof config !== 'object' || config === null || Array.isArray(config)) {
    throw fail(`holds ${shown(config)}, expected an object`);
  }
  return config as Readonly<Record<string, unknown>>;
}

/** By these a config tells who wrote it. */
const telling = ['format', 'model_type', 'architectures', 'architecture', 'library_name'];

function unknownFormat(directory: string, config: Readonly<Record<string, unknown>>): GmlpError {
  const told = telling
    .filter((name) => Object.hasOwn(config, name))
    .map((name) => `${JSON.stringify(name)}: ${shown(config[name])}`);
  const names = Object.keys(config);
  const found = told.length > 0 ? told.join(', ') : names.length > 0 ? `the names ${shown(names)}` : 'nothing';
  const known = pretrainedFormats.map(({ name }) => `\n  ${name}`).join('');
  return new GmlpError(
    'invalid-data',
    `loadPretrained: ${join(directory, 'config.json')} is of no known format: it has ${found}; known are${known}`,
    { directory },
  );
}
