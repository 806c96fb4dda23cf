/** A folder of its own for each test. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';

export interface TemporaryFolder {
  /** The path of a name in it. */
  readonly at: (...names: readonly string[]) => string;
  /** Writes a file, and the folders around it; gives its path. */
  readonly write: (name: string, content: Uint8Array | string) => Promise<string>;
}

export function temporaryFolder(): TemporaryFolder {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gmlp-images-'));
  });
  afterEach(() => rm(folder, { recursive: true }));
  const at = (...names: readonly string[]): string => join(folder, ...names);
  return {
    at,
    async write(name, content) {
      await mkdir(dirname(at(name)), { recursive: true });
      await writeFile(at(name), content);
      return at(name);
    },
  };
}
