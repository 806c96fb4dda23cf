/**
 * A model directory: `model.safetensors`, `tokenizer.json` when the model has one, and `config.json`, which is removed first
 * and written last: a directory that has it is whole. Reading executes nothing and follows no name that a file gives.
 *
 *   config.json: { "format": "gmlp-model", "version": 1, "model": { ... } }
 */
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { GmlpError, type HostArray } from '@gmlp/base';
import { decodeSafetensors, encodeSafetensors } from '../safetensors.ts';
import { fileError } from './file-errors.ts';
import { writeFileAtomically } from './write-file-atomically.ts';

const format = 'gmlp-model';
const version = 1;
const names = { config: 'config.json', tensors: 'model.safetensors', tokenizer: 'tokenizer.json' } as const;

export interface ModelDirectory<Config = unknown> {
  /** The model's config, plain and JSON-able. Read from a directory it is unchecked: the model's schema checks it. */
  readonly config: Config;
  /** Parameters by name. */
  readonly tensors: ReadonlyMap<string, HostArray>;
  /** The text of a `tokenizer.json`. */
  readonly tokenizer?: string;
}

export async function writeModelDirectory(directory: string, { config, tensors, tokenizer }: ModelDirectory): Promise<void> {
  const json: string | undefined = JSON.stringify(config);
  if (json === undefined) {
    throw new GmlpError('invalid-argument', `writeModelDirectory: a config must be JSON-able, got ${typeof config}`);
  }
  const bytes = encodeSafetensors(tensors, new Map([['format', 'gmlp']])); // refuses before anything is removed
  const path = paths(directory);
  try {
    await mkdir(directory, { recursive: true });
    await rm(path.config, { force: true });
    if (tokenizer === undefined) await rm(path.tokenizer, { force: true }); // another model's
  } catch (cause) {
    throw fileError('writeModelDirectory', directory, cause);
  }
  await writeFileAtomically(path.tensors, bytes);
  if (tokenizer !== undefined) await writeFileAtomically(path.tokenizer, tokenizer);
  await writeFileAtomically(path.config, `${JSON.stringify({ format, version, model: config }, null, 2)}\n`);
}

export async function readModelDirectory(directory: string): Promise<ModelDirectory> {
  const path = paths(directory);
  const config = parseConfigFile(path.config, new TextDecoder().decode(await read(path.config)));
  const { tensors } = decodeSafetensors(await read(path.tensors), path.tensors);
  const tokenizer = await readFile(path.tokenizer, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return undefined;
    throw fileError('readModelDirectory', path.tokenizer, cause);
  });
  return { config, tensors, ...(tokenizer !== undefined && { tokenizer }) };
}

function paths(directory: string): Record<keyof typeof names, string> {
  return {
    config: join(directory, names.config),
    tensors: join(directory, names.tensors),
    tokenizer: join(directory, names.tokenizer),
  };
}

async function read(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw fileError('readModelDirectory', path, cause, 'is this a whole model directory?');
  }
}

function parseConfigFile(path: string, text: string): unknown {
  const fail = (problem: string): GmlpError => new GmlpError('invalid-data', `readModelDirectory: ${path} ${problem}`, { path });
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch (cause) {
    throw fail(`is not JSON: ${(cause as Error).message}`);
  }
  if (typeof file !== 'object' || file === null || !('format' in file) || file.format !== format) {
    throw fail(`is not a gmlp model's: it lacks "format": "${format}"`);
  }
  const found: unknown = 'version' in file ? file.version : undefined;
  if (!Number.isSafeInteger(found) || (found as number) < 1)
    throw fail(`has version ${JSON.stringify(found)}, expected a whole number`);
  if ((found as number) > version) {
    throw new GmlpError(
      'unsupported-version',
      `readModelDirectory: ${path} has version ${found}, this package reads up to ${version}; update gmlp`,
      { path, found, supported: version },
    );
  }
  if (!('model' in file)) throw fail('lacks "model"');
  return file.model;
}
