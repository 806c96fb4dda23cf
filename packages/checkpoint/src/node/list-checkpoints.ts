import { join } from 'node:path';
import { GmlpError, plainMessage } from '@gmlp/base';
import { checkCheckpoint } from './check-checkpoint.ts';
import { stepOfName } from './checkpoint-name.ts';
import { fileError } from './file-errors.ts';
import { type FileOptions, type FileSystem, nodeFileSystem } from './file-system.ts';

export interface ListedCheckpoint {
  readonly step: number;
  readonly path: string;
  /** Why it cannot be loaded: absent from a checkpoint whose files are all there with the right sizes. */
  readonly refused?: string;
}

/** The checkpoints in a folder by step. Sizes are checked, not contents: loading does that. A missing folder has none. */
export async function listCheckpoints(
  directory: string,
  { fileSystem = nodeFileSystem }: FileOptions = {},
): Promise<readonly ListedCheckpoint[]> {
  const listed: ListedCheckpoint[] = [];
  for (const { step, path } of await namedCheckpoints(fileSystem, directory, 'listCheckpoints')) {
    const problem = await checkCheckpoint(fileSystem, path, 'listCheckpoints').then(() => undefined, reasonOf);
    listed.push({ step, path, ...(problem !== undefined && { refused: problem }) });
  }
  return listed;
}

/** Everything whose name is a checkpoint's, by step. */
export async function namedCheckpoints(
  fileSystem: FileSystem,
  directory: string,
  where: string,
): Promise<readonly { readonly step: number; readonly path: string }[]> {
  const named = (await namesIn(fileSystem, directory, where)).flatMap((name) => {
    const step = stepOfName(name);
    return step === undefined ? [] : [{ step, path: join(directory, name) }];
  });
  return named.sort((a, b) => a.step - b.step);
}

/** The names in a folder; none when it does not exist. */
export async function namesIn(fileSystem: FileSystem, directory: string, where: string): Promise<readonly string[]> {
  try {
    return await fileSystem.readdir(directory);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw fileError(where, directory, cause);
  }
}

/** What is wrong with a checkpoint. Errors that are not about files, such as too little memory, pass. */
export function reasonOf(error: unknown): string {
  if (!GmlpError.isInstance(error)) throw error;
  return plainMessage(error);
}
