/**
 * The tensors of a model directory: those in `model.safetensors`, or where there is none in the shards that its index names. Of a
 * checkpoint the whole file must have the SHA-256 that its manifest says, however little of it is asked for.
 */
import { join } from 'node:path';
import { GmlpError, type HostArray, listedNames } from '@gmlp/base';
import { modelFileNames } from '../model-files.ts';
import type { SafetensorsHeader } from '../safetensors-header.ts';
import { parseShardIndex, shardIndexName } from '../shard-index.ts';
import { expectUndamagedFiles, readRecorded, recordedFiles } from './expect-undamaged.ts';
import { type FileOptions, type FileSystem, nodeFileSystem } from './file-system.ts';
import { type ReadTensorsOptions, summaryOf, type TensorSummary, withSafetensors } from './safetensors-files.ts';
import { exists, readWholeFile } from './with-file.ts';

/** Reads parameters by name. Each must be where the index says, and nothing else. */
export async function readModelTensors(
  directory: string,
  { fileSystem = nodeFileSystem, only = () => true }: ReadTensorsOptions = {},
): Promise<Map<string, HostArray>> {
  const where = 'readModelTensors';
  const record = (await recordedFiles(fileSystem, directory, where)).get(modelFileNames.tensors);
  const tensors = new Map<string, HostArray>();
  for (const { path, names } of await tensorFiles(fileSystem, directory, where)) {
    if (names !== undefined && ![...names].some(only)) continue;
    const read = (seen?: (piece: Uint8Array) => void): Promise<void> =>
      withSafetensors(
        fileSystem,
        path,
        where,
        async ({ header, read, pass }) => {
          if (names !== undefined) checkNames(where, path, header, names);
          for (const entry of header.entries) {
            if (only(entry.name)) tensors.set(entry.name, await read(entry));
            else if (seen !== undefined) await pass(entry);
          }
        },
        seen,
      );
    await (record === undefined ? read() : readRecorded(fileSystem, path, where, record, read));
  }
  return tensors;
}

/**
 * Reads the names, types and shapes of a model's parameters: no tensor. Of a checkpoint the file is read through for its SHA-256, unless
 * `undamaged` says that this was done before.
 */
export async function inspectModelTensors(
  directory: string,
  { fileSystem = nodeFileSystem, undamaged = false }: FileOptions & { readonly undamaged?: boolean } = {},
): Promise<Map<string, TensorSummary & { readonly path: string }>> {
  const where = 'inspectModelTensors';
  if (!undamaged) await expectUndamagedFiles(fileSystem, directory, where, [modelFileNames.tensors]);
  const summaries = new Map<string, TensorSummary & { readonly path: string }>();
  for (const { path, names } of await tensorFiles(fileSystem, directory, where)) {
    await withSafetensors(fileSystem, path, where, async ({ header }) => {
      if (names !== undefined) checkNames(where, path, header, names);
      for (const entry of header.entries) summaries.set(entry.name, { ...summaryOf(entry), path });
    });
  }
  return summaries;
}

interface TensorFile {
  readonly path: string;
  /** What the index says that it holds. */
  readonly names?: ReadonlySet<string>;
}

async function tensorFiles(fileSystem: FileSystem, directory: string, where: string): Promise<readonly TensorFile[]> {
  const single = join(directory, modelFileNames.tensors);
  const index = join(directory, shardIndexName);
  if ((await exists(fileSystem, single, where)) || !(await exists(fileSystem, index, where))) return [{ path: single }];
  const shards = parseShardIndex(where, index, await readWholeFile(fileSystem, index, where));
  return [...shards].map(([name, names]) => ({ path: join(directory, name), names }));
}

function checkNames(where: string, path: string, { entries }: SafetensorsHeader, expected: ReadonlySet<string>): void {
  const found = new Set(entries.map(({ name }) => name));
  const missing = [...expected].filter((name) => !found.has(name));
  const unexpected = [...found].filter((name) => !expected.has(name));
  if (missing.length === 0 && unexpected.length === 0) return;
  const problems = [
    ...(missing.length > 0 ? [`lacks ${listedNames(missing)}`] : []),
    ...(unexpected.length > 0 ? [`holds ${listedNames(unexpected)} besides`] : []),
  ];
  throw new GmlpError('name-mismatch', `${where}: ${path} is not what ${shardIndexName} says: it ${problems.join(' and ')}`, {
    path,
    missing,
    unexpected,
  });
}
