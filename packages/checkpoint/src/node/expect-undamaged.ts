import { createHash } from 'node:crypto';
import { basename, join, resolve } from 'node:path';
import { GmlpError } from '@gmlp/base';
import { modelFileNames } from '../model-files.ts';
import { checkpointFileNames } from './checkpoint.ts';
import { stepOfName } from './checkpoint-name.ts';
import { type FileOptions, type FileSystem, nodeFileSystem } from './file-system.ts';
import { type FileRecord, isManifest, parseManifest } from './manifest.ts';
import { exists, readThrough, readWholeFile, withFile } from './with-file.ts';

/**
 * Whether files of a checkpoint are as long as its manifest says and have their SHA-256: the model's (config, tensors, tokenizer)
 * unless others are named. The first that is not is an error that names it. A model directory, which has no manifest, passes; a
 * file that the manifest does not list is not looked at.
 */
export async function expectUndamaged(
  directory: string,
  {
    names = Object.values(modelFileNames),
    fileSystem = nodeFileSystem,
  }: FileOptions & { readonly names?: readonly string[] } = {},
): Promise<void> {
  await expectUndamagedFiles(fileSystem, directory, 'expectUndamaged', names);
}

/** The same for the function `where`. */
export async function expectUndamagedFiles(
  fileSystem: FileSystem,
  directory: string,
  where: string,
  names: readonly string[],
): Promise<void> {
  const files = await recordedFiles(fileSystem, directory, where);
  for (const name of names) {
    const record = files.get(name);
    if (record !== undefined) await expectRecorded(fileSystem, join(directory, name), where, record);
  }
}

/** What the manifest of a checkpoint says of its files; nothing for a model directory. */
export async function recordedFiles(
  fileSystem: FileSystem,
  directory: string,
  where: string,
): Promise<ReadonlyMap<string, FileRecord>> {
  const path = join(directory, checkpointFileNames.manifest);
  const named = stepOfName(basename(resolve(directory))) !== undefined;
  if (!named && !(await exists(fileSystem, path, where))) return new Map();
  const bytes = await readWholeFile(fileSystem, path, where, 'the checkpoint was not finished');
  if (!named && !isManifest(bytes)) return new Map(); // another program's file of that name
  return parseManifest(where, path, bytes).files;
}

/**
 * Reads a recorded file once, by `read`, which shows each of its bytes to `seen`. Damage is told as damage, whatever else is
 * wrong with what is read because of it.
 */
export async function readRecorded<Result>(
  fileSystem: FileSystem,
  path: string,
  where: string,
  record: FileRecord,
  read: (seen: (piece: Uint8Array) => void) => Promise<Result>,
): Promise<Result> {
  const hash = createHash('sha256');
  try {
    const result = await read((piece) => hash.update(piece));
    if (hash.digest('hex') === record.sha256) return result;
  } catch (error) {
    await expectRecorded(fileSystem, path, where, record);
    throw error;
  }
  throw damaged(where, path, differs);
}

async function expectRecorded(fileSystem: FileSystem, path: string, where: string, { bytes, sha256 }: FileRecord): Promise<void> {
  await withFile(fileSystem, path, where, async (file, size) => {
    if (size !== bytes) throw damaged(where, path, `has ${size} bytes, its manifest says ${bytes}`);
    const hash = createHash('sha256');
    await readThrough(file, 0, size, (piece) => hash.update(piece));
    if (hash.digest('hex') !== sha256) throw damaged(where, path, differs);
  });
}

const differs = 'has not the SHA-256 that its manifest says';

const damaged = (where: string, path: string, problem: string): GmlpError =>
  new GmlpError('invalid-data', `${where}: ${path} ${problem}: it is damaged; take another checkpoint`, { path });
