import { mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type HostArray, hostArray } from '@gmlp/base';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { expectUndamaged } from './expect-undamaged.ts';
import { type FileSystem, nodeFileSystem } from './file-system.ts';
import { readModelDirectory, writeModelDirectory } from './model-directory.ts';
import { inspectModelTensors, readModelTensors } from './model-tensors.ts';
import type { ReadTensorsOptions } from './safetensors-files.ts';
import { saveCheckpoint } from './save-checkpoint.ts';

let directory: string;
let path: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gmlp-undamaged-'));
  const model = new Map<string, HostArray>([['a', hostArray('float32', [2], Float32Array.of(1, 2))]]);
  path = await saveCheckpoint(directory, { step: 3, config: {}, model, tokenizer: '{}', optimiser: new Map(), state: {} });
});
afterEach(() => rm(directory, { recursive: true }));

const flip = async (name: string): Promise<void> => {
  const bytes = await readFile(join(path, name));
  bytes[bytes.length - 1]! ^= 1;
  await writeFile(join(path, name), bytes);
};
const readers = {
  readModelDirectory,
  readModelTensors,
  inspectModelTensors,
  none: (place: string, options: ReadTensorsOptions = {}) => readModelDirectory(place, { ...options, only: () => false }),
};

it.each(Object.entries(readers))(
  '%s refuses a checkpoint of which one bit of the weights flipped, under any name',
  async (_, read) => {
    await read(path);
    await flip('model.safetensors');
    const message = /model\.safetensors has not the SHA-256 that its manifest says: it is damaged/;
    await expect(read(path)).rejects.toMatchObject({ code: 'invalid-data', message: expect.stringMatching(message) });
    await rename(path, join(directory, 'copy'));
    await expect(read(join(directory, 'copy'))).rejects.toThrow(message);
  },
);

it('each file of the model counts, and no other unless it is named', async () => {
  await flip('optimiser.safetensors');
  await expectUndamaged(path);
  await expect(expectUndamaged(path, { names: ['optimiser.safetensors'] })).rejects.toThrow(/optimiser\.safetensors has not/);
  await flip('tokenizer.json');
  await expect(readModelDirectory(path)).rejects.toThrow(/tokenizer\.json has not/);
  await writeFile(join(path, 'config.json'), '{}');
  await expect(readModelDirectory(path)).rejects.toThrow(/config\.json has 2 bytes, its manifest says \d+/);
});

it('a checkpoint without its manifest was not finished; a model directory has none, whatever else is called so', async () => {
  await rm(join(path, 'manifest.json'));
  await expect(readModelDirectory(path)).rejects.toThrow(/manifest\.json does not exist; the checkpoint was not finished/);
  const model = join(directory, 'model');
  await writeModelDirectory(model, { config: {}, tensors: new Map() });
  for (const foreign of ['{"short_name": "a page"}', 'null', 'x']) {
    await writeFile(join(model, 'manifest.json'), foreign);
    expect((await readModelDirectory(model)).tensors.size).toBe(0);
  }
  await mkdir(join(directory, 'step-000009'));
  await expect(expectUndamaged(join(directory, 'step-000009'))).rejects.toMatchObject({ code: 'not-found' });
});

it('the weights of a checkpoint are read once, whatever is asked of them', async () => {
  const { size } = await stat(join(path, 'model.safetensors'));
  for (const read of [readers.readModelDirectory, readers.readModelTensors, readers.none]) {
    let bytes = 0;
    const counting: FileSystem = {
      ...nodeFileSystem,
      open: async (name, flags) => {
        const file = await nodeFileSystem.open(name, flags);
        if (!name.endsWith('model.safetensors')) return file;
        return {
          read: async (...part) => {
            const read = await file.read(...part);
            bytes += read.bytesRead;
            return read;
          },
          write: (...part) => file.write(...part),
          sync: () => file.sync(),
          close: () => file.close(),
        };
      },
    };
    await read(path, { fileSystem: counting });
    expect(bytes).toBe(size);
  }
});

it('what was read whole before is inspected by its head alone', async () => {
  let pieces = 0;
  const fileSystem: FileSystem = {
    ...nodeFileSystem,
    async open(file, flags) {
      const opened = await nodeFileSystem.open(file, flags);
      return {
        read: (...asked) => {
          if (file.endsWith('model.safetensors')) pieces += asked[2];
          return opened.read(...asked);
        },
        ...{ write: opened.write.bind(opened), sync: () => opened.sync(), close: () => opened.close() },
      };
    },
  };
  const { size } = await stat(join(path, 'model.safetensors'));
  const found = await inspectModelTensors(path, { undamaged: true, fileSystem });
  expect(found.get('a')).toMatchObject({ shape: [2] });
  expect(pieces).toBeLessThan(size);
});
