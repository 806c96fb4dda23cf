/**
 * A model directory: `model.safetensors` (or its shards and `model.safetensors.index.json`), `tokenizer.json` or `preprocessing.json` when the model
 * has one, and `config.json`, which is removed first and written last: a directory that has it is whole. Reading executes
 * nothing, and names in an index may not leave the directory.
 *
 *   config.json: { "format": "gmlp-model", "version": 1, "model": { ... } }
 */
import { basename, dirname, join, resolve } from 'node:path';
import { GmlpError } from '@gmlp/base';
import {
  type FileContent,
  isModelFile,
  type ModelDirectory,
  modelFileNames,
  modelFiles,
  modelTextKeys,
  modelTextsOf,
  parseConfigFile,
} from '../model-files.ts';
import { isPlainName } from '../plain-name.ts';
import { expectNoLink } from './expect-no-link.ts';
import { expectUndamagedFiles } from './expect-undamaged.ts';
import { fileError } from './file-errors.ts';
import { type FileOptions, type FileSystem, nodeFileSystem } from './file-system.ts';
import { makeFolder } from './make-folder.ts';
import { readModelTensors } from './model-tensors.ts';
import type { ReadTensorsOptions } from './safetensors-files.ts';
import { sweep, temporaryName } from './temporary-name.ts';
import { exists, readWholeFile } from './with-file.ts';
import { writeFilesTogether } from './write-files-together.ts';
import { flushFolder } from './write-flushed.ts';

export interface WriteModelDirectoryOptions extends FileOptions {
  /** Tensors of more bytes than this go into several files; one tensor alone may be larger. No limit unless given. */
  readonly maximalShardBytes?: number;
  /** More files that belong to the model, by name. */
  readonly beside?: ReadonlyMap<string, FileContent>;
}

/**
 * Writes a model. A new folder appears whole. In place of one that lay there: all its files first, under temporary names, so that a full disk or a killed
 * process leaves the earlier model; then they take their names at once. Other files stay. The folder may not be a link. The
 * arrays must stay unchanged until the promise settles.
 */
export async function writeModelDirectory(
  directory: string,
  model: ModelDirectory,
  { maximalShardBytes, beside = new Map(), fileSystem = nodeFileSystem }: WriteModelDirectoryOptions = {},
): Promise<void> {
  const where = 'writeModelDirectory';
  const files = modelFiles(where, model, maximalShardBytes);
  for (const name of beside.keys()) {
    if (isPlainName(name) && !isModelFile(name)) continue;
    throw new GmlpError('invalid-argument', `${where}: ${JSON.stringify(name)} is no name for a file beside a model`, { name });
  }
  await expectNoLink(fileSystem, directory, where);
  const all = new Map([...beside, ...files]);
  if (await exists(fileSystem, directory, where)) {
    await writeFilesTogether(directory, all, { replaced: isModelFile, fileSystem });
  } else await writeNew(directory, all, fileSystem);
}

/** A folder that was not there appears with all its files. */
async function writeNew(directory: string, files: ReadonlyMap<string, FileContent>, fileSystem: FileSystem): Promise<void> {
  const where = 'writeModelDirectory';
  const around = dirname(resolve(directory));
  const name = basename(resolve(directory));
  const temporary = join(around, temporaryName(name));
  await makeFolder(around, { fileSystem });
  try {
    await sweep(fileSystem, around, where, (each) => each === name);
    await fileSystem.mkdir(temporary, { recursive: false });
    await writeFilesTogether(temporary, files, { fileSystem });
    await fileSystem.rename(temporary, directory);
    await flushFolder(fileSystem, around);
  } catch (cause) {
    // What went wrong first is what is told, also when nothing can be removed either.
    await fileSystem.rm(temporary, { recursive: true, force: true }).catch(() => undefined);
    throw fileError(where, directory, cause);
  }
}

/**
 * Reads a model. With `only`, its tensors are those of the names that it picks. Of a checkpoint the files must be undamaged. One that
 * another process replaces meanwhile is an error: what was read is of both.
 */
export async function readModelDirectory(directory: string, options: ReadTensorsOptions = {}): Promise<ModelDirectory> {
  const where = 'readModelDirectory';
  const { fileSystem = nodeFileSystem } = options;
  const config = join(directory, modelFileNames.config);
  const stamp = (): Promise<string> =>
    fileSystem.stat(config).then(
      ({ size, mtimeMs }) => `${size} ${mtimeMs}`,
      () => 'absent',
    );
  const before = await stamp();
  try {
    const model = await readFiles(directory, where, options);
    if ((await stamp()) === before) return model;
  } catch (error) {
    if ((await stamp()) === before) throw error;
  }
  throw new GmlpError('io', `${where}: ${directory} was replaced while it was read; read it again`, { directory });
}

async function readFiles(directory: string, where: string, options: ReadTensorsOptions): Promise<ModelDirectory> {
  const { fileSystem = nodeFileSystem } = options;
  const read = (path: string): Promise<Uint8Array> => readWholeFile(fileSystem, path, where, 'is this a whole model directory?');
  const path = (name: keyof typeof modelFileNames): string => join(directory, modelFileNames[name]);
  await expectUndamagedFiles(fileSystem, directory, where, [
    modelFileNames.config,
    ...modelTextKeys.map((key) => modelFileNames[key]),
  ]);
  const config = parseConfigFile(where, path('config'), await read(path('config')));
  const tensors = await readModelTensors(directory, options);
  const texts = new Map<string, string>();
  for (const key of modelTextKeys) {
    if (await exists(fileSystem, path(key), where))
      texts.set(modelFileNames[key], new TextDecoder().decode(await read(path(key))));
  }
  return { config, tensors, ...modelTextsOf(texts) };
}
