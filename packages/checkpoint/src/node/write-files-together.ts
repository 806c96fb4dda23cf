/**
 * Files of one folder that belong together, the last of them naming the others: a model's config, an ONNX file with its weights
 * beside it. All are written under temporary names and flushed first, so that a full disk or a killed process leaves what was there.
 * Then the earlier last file goes, and each takes its name, the last one at the end: where it is, the others are its own.
 */
import { join } from 'node:path';
import type { FileContent } from '../model-files.ts';
import { fileError } from './file-errors.ts';
import { type FileOptions, nodeFileSystem } from './file-system.ts';
import { expectNotStopped, type StopOptions } from './stop-options.ts';
import { sweep, temporaryName } from './temporary-name.ts';
import { flushFolder, writeFlushed } from './write-flushed.ts';

export interface WriteFilesTogetherOptions extends FileOptions, StopOptions {
  /** Which other files of the folder belonged to the earlier ones: they go with them. None unless given. */
  readonly replaced?: (name: string) => boolean;
}

/** Writes files by name, the one that names the others last, into a folder that is there. */
export async function writeFilesTogether(
  directory: string,
  files: ReadonlyMap<string, FileContent>,
  { replaced = () => false, signal, fileSystem = nodeFileSystem }: WriteFilesTogetherOptions = {},
): Promise<void> {
  const where = 'writeFilesTogether';
  const at = (name: string): string => join(directory, name);
  const last = [...files.keys()].at(-1);
  if (last === undefined) return;
  const written = new Map([...files.keys()].map((name) => [name, temporaryName(name)]));
  const goOn = (): void => expectNotStopped(signal, where, at(last));
  try {
    await sweep(fileSystem, directory, where, (name) => files.has(name) || replaced(name));
    for (const [name, content] of files) await writeFlushed(fileSystem, at(written.get(name)!), content, goOn);
    goOn();
    await fileSystem.rm(at(last), { force: true });
    for (const name of await fileSystem.readdir(directory)) {
      if (replaced(name) && !files.has(name)) await fileSystem.rm(at(name), { force: true });
    }
    for (const [name, temporary] of written) await fileSystem.rename(at(temporary), at(name));
    await flushFolder(fileSystem, directory);
  } catch (cause) {
    // What went wrong first is what is told, also when nothing can be removed either.
    for (const temporary of written.values()) await fileSystem.rm(at(temporary), { force: true }).catch(() => undefined);
    throw fileError(where, directory, cause);
  }
}
