import { expect, it } from 'vitest';
import { nodeFileSystem } from './file-system.ts';
import { readWholeFile } from './with-file.ts';

it('a text of gigabytes is refused before it is read, with the numbers', async () => {
  const fileSystem = {
    ...nodeFileSystem,
    stat: async () => ({ size: 2 ** 31, mtimeMs: 0, isFile: () => true }),
    open: async () => ({
      read: () => Promise.reject(new Error('read')),
      write: () => Promise.reject(new Error('written')),
      sync: async () => {},
      close: async () => {},
    }),
  };
  await expect(readWholeFile(fileSystem, 'config.json', 'test')).rejects.toMatchObject({
    code: 'invalid-data',
    message: 'test: config.json has 2147483648 bytes, more than the 268435456 that such a file may have',
  });
});
