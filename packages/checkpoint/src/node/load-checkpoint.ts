import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { GmlpError, type HostArray } from '@gmlp/base';
import { type ModelTexts, modelFileNames, modelTextKeys, modelTextsOf, parseConfigFile } from '../model-files.ts';
import { parseVersionedJson } from '../versioned-json.ts';
import { checkCheckpoint } from './check-checkpoint.ts';
import { type Checkpoint, checkpointFileNames, stateFormat } from './checkpoint.ts';
import { type FileOptions, nodeFileSystem } from './file-system.ts';
import { namedCheckpoints, reasonOf } from './list-checkpoints.ts';
import { type OpenSafetensors, withSafetensors } from './safetensors-files.ts';
import { readWholeFile } from './with-file.ts';

/** A checkpoint from the disk. Its config and state are unchecked JSON: their schemas check them. */
export interface LoadedCheckpoint extends Checkpoint {
  readonly path: string;
  /** The version of this package that wrote it. */
  readonly package: string;
  /** How many threads computed it: with another number a run goes on as well, but the last bits may differ. */
  readonly threads: number;
}

export interface RefusedCheckpoint {
  readonly step: number;
  readonly path: string;
  /** Which file is wrong, and how. */
  readonly reason: string;
}

export interface NewestCheckpoint {
  /** Absent when no checkpoint is complete. */
  readonly checkpoint?: LoadedCheckpoint;
  /** The newer ones that are not complete, newest first. */
  readonly refused: readonly RefusedCheckpoint[];
}

/** Loads the newest complete checkpoint in a folder and tells which newer ones it refused. A missing folder has none. */
export async function loadNewestCheckpoint(
  directory: string,
  { fileSystem = nodeFileSystem }: FileOptions = {},
): Promise<NewestCheckpoint> {
  const refused: RefusedCheckpoint[] = [];
  const named = await namedCheckpoints(fileSystem, directory, 'loadNewestCheckpoint');
  for (const { step, path } of [...named].reverse()) {
    try {
      return { checkpoint: await loadCheckpoint(path, { fileSystem }), refused };
    } catch (error) {
      refused.push({ step, path, reason: reasonOf(error) });
    }
  }
  return { refused };
}

/** Loads the checkpoint in a folder. Each file must be as long as the manifest says and have its SHA-256. */
export async function loadCheckpoint(path: string, { fileSystem = nodeFileSystem }: FileOptions = {}): Promise<LoadedCheckpoint> {
  const where = 'loadCheckpoint';
  const { files, ...manifest } = await checkCheckpoint(fileSystem, path, where);
  /** Reads a file by `use`, which is to show each of its bytes, and compares their hash. */
  const checked = async <Result>(
    name: string,
    use: (at: string, seen: (piece: Uint8Array) => void) => Promise<Result>,
  ): Promise<Result> => {
    const hash = createHash('sha256');
    const result = await use(join(path, name), (piece) => hash.update(piece));
    if (hash.digest('hex') !== files.get(name)!.sha256) {
      const problem = 'has not the SHA-256 that its manifest says: it is damaged';
      throw new GmlpError('invalid-data', `${where}: ${join(path, name)} ${problem}`, { path, name });
    }
    return result;
  };
  const read = (name: string): Promise<Uint8Array> =>
    checked(name, async (at, seen) => {
      const bytes = await readWholeFile(fileSystem, at, where);
      seen(bytes);
      return bytes;
    });
  const tensors = (name: string): Promise<ReadonlyMap<string, HostArray>> =>
    checked(name, (at, seen) => withSafetensors(fileSystem, at, where, readAll, seen));
  const { config: configName, tensors: modelName } = modelFileNames;
  const { optimiser: optimiserName, ema: emaName, state: stateName } = checkpointFileNames;
  const texts = async (): Promise<ModelTexts> => {
    const found = new Map<string, string>();
    for (const key of modelTextKeys) {
      const name = modelFileNames[key];
      if (files.has(name)) found.set(name, new TextDecoder().decode(await read(name)));
    }
    return modelTextsOf(found);
  };
  const stateFile = parseVersionedJson(await read(stateName), stateFormat, {
    where,
    path: join(path, stateName),
    kind: "a checkpoint's state",
    needed: ['state'],
  });
  return {
    path,
    ...manifest,
    config: parseConfigFile(where, join(path, configName), await read(configName)),
    model: await tensors(modelName),
    ...(await texts()),
    optimiser: await tensors(optimiserName),
    ...(files.has(emaName) && { ema: await tensors(emaName) }),
    state: stateFile['state'],
  };
}

async function readAll({ header, read }: OpenSafetensors): Promise<Map<string, HostArray>> {
  const tensors = new Map<string, HostArray>();
  for (const entry of header.entries) tensors.set(entry.name, await read(entry)); // in the order of their bytes
  return tensors;
}
