import { basename, join, resolve } from 'node:path';
import { GmlpError } from '@gmlp/base';
import { checkpointFileNames } from './checkpoint.ts';
import { stepOfName } from './checkpoint-name.ts';
import { fileError } from './file-errors.ts';
import type { FileSystem } from './file-system.ts';
import { type Manifest, parseManifest } from './manifest.ts';
import { readWholeFile } from './with-file.ts';

/** The manifest of a checkpoint whose files are all there and as long as it says; anything else is an error that names the file. */
export async function checkCheckpoint(fileSystem: FileSystem, path: string, where: string): Promise<Manifest> {
  const manifestPath = join(path, checkpointFileNames.manifest);
  const bytes = await readWholeFile(fileSystem, manifestPath, where, 'the checkpoint was not finished');
  const manifest = parseManifest(where, manifestPath, bytes);
  const named = stepOfName(basename(resolve(path)));
  if (named !== undefined && named !== manifest.step) {
    throw new GmlpError('invalid-data', `${where}: ${manifestPath} is of step ${manifest.step}, its folder's name is not`, {
      path,
    });
  }
  for (const [name, record] of manifest.files) {
    const size = await sizeOfFile(fileSystem, join(path, name), where);
    if (size !== record.bytes) {
      const problem = `has ${size} bytes, its manifest says ${record.bytes}: it is damaged`;
      throw new GmlpError('invalid-data', `${where}: ${join(path, name)} ${problem}`, { path, name });
    }
  }
  return manifest;
}

async function sizeOfFile(fileSystem: FileSystem, path: string, where: string): Promise<number> {
  try {
    return (await fileSystem.stat(path)).size;
  } catch (cause) {
    throw fileError(where, path, cause);
  }
}
