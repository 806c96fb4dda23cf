import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { GmlpError } from '@gmlp/base';
import { type FileContent, modelFiles, tensorFile } from '../model-files.ts';
import { versionedJson } from '../versioned-json.ts';
import { type Checkpoint, checkpointFileNames, stateFormat } from './checkpoint.ts';
import { checkpointName, oldName } from './checkpoint-name.ts';
import { expectNoLink } from './expect-no-link.ts';
import { fileError } from './file-errors.ts';
import { type FileOptions, type FileSystem, nodeFileSystem } from './file-system.ts';
import { makeFolder } from './make-folder.ts';
import { type FileRecord, formatManifest } from './manifest.ts';
import { packageVersion } from './package-version.ts';
import { removeFolder } from './remove-folder.ts';
import { temporaryName } from './temporary-name.ts';
import { exists } from './with-file.ts';
import { flushFolder, writeFlushed } from './write-flushed.ts';

export interface SaveCheckpointOptions extends FileOptions {
  /** How many threads the device computes with; the number of processors unless given. Noted in the manifest. */
  readonly threads?: number;
}

/**
 * Writes a checkpoint as `step-NNNNNN` in a folder of checkpoints, made when missing, and gives its path. It gets its name
 * only when every byte is on the disk: whatever fails, the checkpoints before it stay as they are. One of the same step is
 * replaced. The folder may not be a link. Equal content gives equal bytes. The arrays must stay unchanged until the promise settles.
 */
export async function saveCheckpoint(
  directory: string,
  checkpoint: Checkpoint,
  { threads = availableParallelism(), fileSystem = nodeFileSystem }: SaveCheckpointOptions = {},
): Promise<string> {
  const where = 'saveCheckpoint';
  const { step } = checkpoint;
  for (const [name, value] of Object.entries({ step, threads })) {
    if (Number.isSafeInteger(value) && value >= 0) continue;
    throw new GmlpError('invalid-argument', `${where}: ${name} must be a whole number, got ${value}`, { [name]: value });
  }
  await expectNoLink(fileSystem, directory, where);
  const files = checkpointFiles(where, checkpoint);
  const version = await packageVersion();
  const path = join(directory, checkpointName(step));
  const temporary = join(directory, temporaryName(checkpointName(step)));
  try {
    const made = await makeFolder(directory, { fileSystem }); // the first folder that was missing
    if (made !== undefined) for (const name of new Set([made, directory])) await flushFolder(fileSystem, dirname(name));
    await fileSystem.mkdir(temporary, { recursive: false });
    const records = new Map<string, FileRecord>();
    for (const [name, content] of files) {
      const hash = createHash('sha256');
      const bytes = await writeFlushed(fileSystem, join(temporary, name), content, (piece) => hash.update(piece));
      records.set(name, { bytes, sha256: hash.digest('hex') });
    }
    const manifest = formatManifest(where, { step, package: version, threads, files: records });
    await writeFlushed(fileSystem, join(temporary, checkpointFileNames.manifest), manifest);
    await flushFolder(fileSystem, temporary);
    await putInPlace(fileSystem, temporary, path, step);
    await flushFolder(fileSystem, directory);
  } catch (cause) {
    // What went wrong first is what is told, also when nothing can be removed either.
    await fileSystem.rm(temporary, { recursive: true, force: true }).catch(() => undefined);
    throw fileError(where, path, cause);
  }
  return path;
}

function checkpointFiles(where: string, checkpoint: Checkpoint): ReadonlyMap<string, FileContent> {
  const { model, optimiser, ema, state } = checkpoint;
  return new Map<string, FileContent>([
    ...modelFiles(where, { ...checkpoint, tensors: model }),
    [checkpointFileNames.optimiser, tensorFile(optimiser)],
    ...(ema === undefined ? [] : [[checkpointFileNames.ema, tensorFile(ema)] as const]),
    [checkpointFileNames.state, versionedJson(where, stateFormat, { state })],
  ]);
}

/**
 * A folder cannot be renamed over another: one of the same step steps aside first, under a name by which it is still found, and
 * comes back when the rename fails.
 */
async function putInPlace(fileSystem: FileSystem, temporary: string, path: string, step: number): Promise<void> {
  const where = 'saveCheckpoint';
  const old = join(dirname(path), oldName(step));
  const replaces = await exists(fileSystem, path, where);
  if (replaces) {
    await removeFolder(fileSystem, old); // of a replacement that was cut short after its end
    await fileSystem.rename(path, old);
  }
  try {
    await fileSystem.rename(temporary, path);
  } catch (cause) {
    if (replaces) await fileSystem.rename(old, path);
    throw cause;
  }
  if (replaces) await flushFolder(fileSystem, dirname(path)); // before the only other one goes
  await removeFolder(fileSystem, old);
}
