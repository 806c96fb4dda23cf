import { join } from 'node:path';
import { GmlpError, plainMessage } from '@gmlp/base';
import { checkCheckpoint } from './check-checkpoint.ts';
import { checkpointName, oldName, stepOfName } from './checkpoint-name.ts';
import { type FileOptions, type FileSystem, nodeFileSystem } from './file-system.ts';
import { namesIn } from './names-in.ts';

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

/** Everything whose name is a checkpoint's, by step; one that is being replaced only while no other has its name. */
export async function namedCheckpoints(
  fileSystem: FileSystem,
  directory: string,
  where: string,
): Promise<readonly { readonly step: number; readonly path: string }[]> {
  const names = await namesIn(fileSystem, directory, where);
  const named = names.flatMap((name) => {
    const step = stepOfName(name);
    const stale = step === undefined || (name === oldName(step) && names.includes(checkpointName(step)));
    return stale ? [] : [{ step, path: join(directory, name) }];
  });
  return named.sort((a, b) => a.step - b.step);
}

/** What is wrong with a checkpoint. Errors that are not about files, such as too little memory, pass. */
export function reasonOf(error: unknown): string {
  if (!GmlpError.isInstance(error)) throw error;
  return plainMessage(error);
}
