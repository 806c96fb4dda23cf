import { createHash } from 'node:crypto';
import { basename, join, resolve } from 'node:path';
import { GmlpError } from '@gmlp/base';
import { modelFileNames } from '../model-files.ts';
import { checkpointFileNames } from './checkpoint.ts';
import { stepOfName } from './checkpoint-name.ts';
import { type FileOptions, type FileSystem, nodeFileSystem } from './file-system.ts';
import { type FileRecord, isManifest, parseManifest } from './manifest.ts';
import { exists, pieceBytes, readFully, readWholeFile, withFile } from './with-file.ts';

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
  const path = join(directory, checkpointFileNames.manifest);
  const named = stepOfName(basename(resolve(directory))) !== undefined;
  if (!named && !(await exists(fileSystem, path, where))) return;
  const bytes = await readWholeFile(fileSystem, path, where, 'the checkpoint was not finished');
  if (!named && !isManifest(bytes)) return; // another program's file of that name
  const { files } = parseManifest(where, path, bytes);
  for (const name of names) {
    const record = files.get(name);
    if (record !== undefined) await expectRecorded(fileSystem, join(directory, name), where, record);
  }
}

async function expectRecorded(fileSystem: FileSystem, path: string, where: string, { bytes, sha256 }: FileRecord): Promise<void> {
  await withFile(fileSystem, path, where, async (file, size) => {
    if (size !== bytes) throw damaged(where, path, `has ${size} bytes, its manifest says ${bytes}`);
    const hash = createHash('sha256');
    const piece = new Uint8Array(Math.min(pieceBytes, size));
    for (let at = 0; at < size; at += piece.length) hash.update(await readFully(file, piece.subarray(0, size - at), at));
    if (hash.digest('hex') !== sha256) throw damaged(where, path, 'has not the SHA-256 that its manifest says');
  });
}

const damaged = (where: string, path: string, problem: string): GmlpError =>
  new GmlpError('invalid-data', `${where}: ${path} ${problem}: it is damaged; take another checkpoint`, { path });
