import { resolve } from 'node:path';
import { GmlpError } from '@gmlp/base';
import type { FileSystem } from './file-system.ts';

/** Refuses to write into a folder that is a link: what would be replaced or removed there is another's. */
export async function expectNoLink(fileSystem: FileSystem, directory: string, where: string): Promise<void> {
  const found = await fileSystem.lstat(resolve(directory)).catch(() => undefined); // what else is wrong shows when it is made
  if (!found?.isSymbolicLink()) return;
  const problem = `${directory} is a link, and files are written into no linked folder; give the folder that it leads to`;
  throw new GmlpError('invalid-argument', `${where}: ${problem}`, { path: directory });
}
