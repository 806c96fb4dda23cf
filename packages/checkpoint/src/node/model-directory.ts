/**
 * A model directory: `model.safetensors` (or its shards and `model.safetensors.index.json`), `tokenizer.json` when the model
 * has one, and `config.json`, which is removed first and written last: a directory that has it is whole. Reading executes
 * nothing, and names in an index may not leave the directory.
 *
 *   config.json: { "format": "gmlp-model", "version": 1, "model": { ... } }
 */
import { join } from 'node:path';
import { isModelFile, type ModelDirectory, modelFileNames, modelFiles, parseConfigFile } from '../model-files.ts';
import { expectNoLink } from './expect-no-link.ts';
import { expectUndamagedFiles } from './expect-undamaged.ts';
import { fileError } from './file-errors.ts';
import { type FileOptions, type FileSystem, nodeFileSystem } from './file-system.ts';
import { readModelTensors } from './model-tensors.ts';
import type { ReadTensorsOptions } from './safetensors-files.ts';
import { sweep, temporaryName } from './temporary-name.ts';
import { exists, readWholeFile } from './with-file.ts';
import { flushFolder, writeFlushed } from './write-flushed.ts';

export interface WriteModelDirectoryOptions extends FileOptions {
  /** Tensors of more bytes than this go into several files; one tensor alone may be larger. No limit unless given. */
  readonly maximalShardBytes?: number;
}

/**
 * Writes a model, in place of the one that lay there: all its files first, under temporary names, so that a full disk or a killed
 * process leaves the earlier model; then they take their names at once. Other files stay. The folder may not be a link. The
 * arrays must stay unchanged until the promise settles.
 */
export async function writeModelDirectory(
  directory: string,
  model: ModelDirectory,
  { maximalShardBytes, fileSystem = nodeFileSystem }: WriteModelDirectoryOptions = {},
): Promise<void> {
  const where = 'writeModelDirectory';
  const files = modelFiles(where, model, maximalShardBytes);
  await expectNoLink(fileSystem, directory, where);
  const at = (name: string): string => join(directory, name);
  const written = new Map([...files.keys()].map((name) => [name, temporaryName(name)]));
  try {
    await fileSystem.mkdir(directory, { recursive: true });
    await sweep(fileSystem, directory, where, isModelFile);
    for (const [name, content] of files) await writeFlushed(fileSystem, at(written.get(name)!), content);
    await removeEarlier(fileSystem, directory, files);
    for (const [name, temporary] of written) await fileSystem.rename(at(temporary), at(name)); // config.json is the last
    await flushFolder(fileSystem, directory);
  } catch (cause) {
    // What went wrong first is what is told, also when nothing can be removed either.
    for (const temporary of written.values()) await fileSystem.rm(at(temporary), { force: true }).catch(() => undefined);
    throw fileError(where, directory, cause);
  }
}

/** Removes the earlier model's config, and what the new one would not replace: its tokenizer, its tensors in another form. */
async function removeEarlier(fileSystem: FileSystem, directory: string, files: ReadonlyMap<string, unknown>): Promise<void> {
  await fileSystem.rm(join(directory, modelFileNames.config), { force: true });
  for (const name of await fileSystem.readdir(directory)) {
    if (isModelFile(name) && !files.has(name)) await fileSystem.rm(join(directory, name), { force: true });
  }
}

/** Reads a model. With `only`, its tensors are those of the names that it picks. Of a checkpoint the files must be undamaged. */
export async function readModelDirectory(directory: string, options: ReadTensorsOptions = {}): Promise<ModelDirectory> {
  const where = 'readModelDirectory';
  const { fileSystem = nodeFileSystem } = options;
  const read = (path: string): Promise<Uint8Array> => readWholeFile(fileSystem, path, where, 'is this a whole model directory?');
  const path = (name: keyof typeof modelFileNames): string => join(directory, modelFileNames[name]);
  await expectUndamagedFiles(fileSystem, directory, where, [modelFileNames.config, modelFileNames.tokenizer]);
  const config = parseConfigFile(where, path('config'), await read(path('config')));
  const tensors = await readModelTensors(directory, options);
  const tokenizer = (await exists(fileSystem, path('tokenizer'), where))
    ? new TextDecoder().decode(await read(path('tokenizer')))
    : undefined;
  return { config, tensors, ...(tokenizer !== undefined && { tokenizer }) };
}
