/**
 * A model directory: `model.safetensors`, `tokenizer.json` when the model has one, and `config.json`, which is removed first
 * and written last: a directory that has it is whole. Reading executes nothing and follows no name that a file gives.
 *
 *   config.json: { "format": "gmlp-model", "version": 1, "model": { ... } }
 */
import { join } from 'node:path';
import { decodeSafetensors } from '../decode-safetensors.ts';
import { fileError } from './file-errors.ts';
import { type FileOptions, nodeFileSystem } from './file-system.ts';
import { type ModelDirectory, modelFileNames, modelFiles, parseConfigFile } from './model-files.ts';
import { exists, readWholeFile } from './read-whole-file.ts';
import { writeFileAtomically } from './write-file-atomically.ts';

export async function writeModelDirectory(directory: string, model: ModelDirectory, options: FileOptions = {}): Promise<void> {
  const { fileSystem = nodeFileSystem } = options;
  const files = modelFiles('writeModelDirectory', model); // refuses before anything is removed
  try {
    await fileSystem.mkdir(directory, { recursive: true });
    await fileSystem.rm(join(directory, modelFileNames.config), { force: true });
    if (model.tokenizer === undefined) await fileSystem.rm(join(directory, modelFileNames.tokenizer), { force: true }); // another model's
  } catch (cause) {
    throw fileError('writeModelDirectory', directory, cause);
  }
  for (const [name, content] of files) await writeFileAtomically(join(directory, name), content, options);
}

export async function readModelDirectory(directory: string, options: FileOptions = {}): Promise<ModelDirectory> {
  const where = 'readModelDirectory';
  const { fileSystem = nodeFileSystem } = options;
  const read = (path: string): Promise<Uint8Array> => readWholeFile(fileSystem, path, where, 'is this a whole model directory?');
  const path = (name: keyof typeof modelFileNames): string => join(directory, modelFileNames[name]);
  const config = parseConfigFile(where, path('config'), await read(path('config')));
  const { tensors } = decodeSafetensors(await read(path('tensors')), path('tensors'));
  const tokenizer = (await exists(fileSystem, path('tokenizer'), where))
    ? new TextDecoder().decode(await read(path('tokenizer')))
    : undefined;
  return { config, tensors, ...(tokenizer !== undefined && { tokenizer }) };
}
