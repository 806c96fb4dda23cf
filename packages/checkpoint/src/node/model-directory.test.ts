import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GmlpError, type HostArray, hostArray } from '@gmlp/base';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type FileSystem, nodeFileSystem } from './file-system.ts';
import { readModelDirectory, writeModelDirectory } from './model-directory.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gmlp-model-'));
});
afterEach(() => rm(directory, { recursive: true }));

const tensors = new Map<string, HostArray>([
  ['embedding.weight', hostArray('float32', [2, 3], Float32Array.of(1, 2, 3, 4, 5, 6))],
  ['blocks.0.norm.scale', hostArray('float32', [3], Float32Array.of(-1, 0, 1e-30))],
]);
const config = { family: 'gmlp-language', layers: 1, head: { tied: true } };

it('gives back what was written, in a folder that need not exist', async () => {
  const nested = join(directory, 'a', 'b');
  await writeModelDirectory(nested, { config, tensors, tokenizer: '{"model":"ä"}' });
  const read = await readModelDirectory(nested);
  expect(read.config).toEqual(config);
  expect(read.tokenizer).toBe('{"model":"ä"}');
  expect(new Map([...read.tensors].sort())).toEqual(new Map([...tensors].sort()));
  expect((await readdir(nested)).sort()).toEqual(['config.json', 'model.safetensors', 'tokenizer.json']);
});

it('a model without a tokenizer does not inherit the one that lay there', async () => {
  await writeModelDirectory(directory, { config, tensors, tokenizer: '{}' });
  await writeModelDirectory(directory, { config, tensors });
  expect(await readModelDirectory(directory)).not.toHaveProperty('tokenizer');
});

it('leaves other files alone', async () => {
  await writeFile(join(directory, 'report.html'), 'x');
  await writeModelDirectory(directory, { config, tensors });
  expect(await readFile(join(directory, 'report.html'), 'utf8')).toBe('x');
});

it('a writing that failed half-way leaves no directory that passes for whole', async () => {
  await writeModelDirectory(directory, { config, tensors });
  await rm(join(directory, 'model.safetensors'));
  await mkdir(join(directory, 'model.safetensors')); // a rename onto a folder fails
  await expect(writeModelDirectory(directory, { config, tensors })).rejects.toMatchObject({ code: 'io' });
  await expect(readModelDirectory(directory)).rejects.toMatchObject({ code: 'not-found' });
  expect(await readdir(directory)).toEqual(['model.safetensors']);
});

it('tensors that cannot be written leave the model that lay there', async () => {
  await writeModelDirectory(directory, { config, tensors });
  const reserved = new Map([['__metadata__', hostArray('int32', [], Int32Array.of(1))]]);
  await expect(writeModelDirectory(directory, { config, tensors: reserved })).rejects.toMatchObject({ code: 'invalid-argument' });
  expect((await readModelDirectory(directory)).tensors.size).toBe(tensors.size);
});

it.each([
  ['{', 'invalid-data', /config.json is not JSON/],
  ['[]', 'invalid-data', /lacks "format": "gmlp-model"/],
  ['{"format": "gmlp-model"}', 'invalid-data', /has version undefined/],
  ['{"format": "gmlp-model", "version": "1"}', 'invalid-data', /has version "1"/],
  ['{"format": "gmlp-model", "version": 1}', 'invalid-data', /lacks "model"/],
  [
    '{"format": "gmlp-model", "version": 2, "model": {}}',
    'unsupported-version',
    /has version 2, this gmlp reads up to 1; update gmlp/,
  ],
])('refuses config.json %s', async (text, code, message) => {
  await writeModelDirectory(directory, { config, tensors });
  await writeFile(join(directory, 'config.json'), text);
  await expect(readModelDirectory(directory)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
});

it('names the file that is missing or broken', async () => {
  await expect(readModelDirectory(join(directory, 'none'))).rejects.toThrow(
    /none.config.json does not exist; is this a whole model directory\?/,
  );
  await writeModelDirectory(directory, { config, tensors });
  await writeFile(join(directory, 'model.safetensors'), 'short');
  await expect(readModelDirectory(directory)).rejects.toThrow(/model.safetensors has 5 bytes/);
});

it('refuses a config that is not JSON-able', async () => {
  await expect(writeModelDirectory(directory, { config: undefined, tensors })).rejects.toMatchObject({
    code: 'invalid-argument',
  });
});

it('damaged files are refused with an error of ours, or read as something well-formed', async () => {
  await writeModelDirectory(directory, { config, tensors });
  const whole = new Map<string, Uint8Array>();
  for (const name of ['config.json', 'model.safetensors']) whole.set(name, new Uint8Array(await readFile(join(directory, name))));
  const damage = fc.constantFrom(...whole.keys()).chain((name) => {
    const bytes = whole.get(name)!;
    const position = fc.nat(bytes.length - 1);
    return fc.record({
      name: fc.constant(name),
      bytes: fc.oneof(
        fc.tuple(position, fc.nat(255)).map(([at, byte]) => bytes.with(at, byte)),
        position.map((length) => bytes.slice(0, length)),
      ),
    });
  });
  await fc.assert(
    fc.asyncProperty(damage, async ({ name, bytes }) => {
      await writeFile(join(directory, name), bytes);
      try {
        await readModelDirectory(directory);
      } catch (error) {
        expect(GmlpError.isInstance(error)).toBe(true);
      }
      await writeFile(join(directory, name), whole.get(name)!);
    }),
    { numRuns: 200 },
  );
});

it('a model that is replaced while it is read is an error that says so, never a mixture', async () => {
  const next = {
    config: { family: 'other' },
    tensors: new Map<string, HostArray>([['a', hostArray('float32', [1], Float32Array.of(7))]]),
  };
  for (const name of ['config.json', 'model.safetensors']) {
    await writeModelDirectory(directory, { config, tensors });
    let replaced = false;
    const replacing: FileSystem = {
      ...nodeFileSystem,
      open: async (path, flags) => {
        if (path.endsWith(name) && !replaced) {
          replaced = true;
          await writeModelDirectory(directory, next);
        }
        return nodeFileSystem.open(path, flags);
      },
    };
    await expect(readModelDirectory(directory, { fileSystem: replacing })).rejects.toThrow(
      /was replaced while it was read; read it again/,
    );
    expect((await readModelDirectory(directory)).config).toEqual(next.config);
  }
});

it('what belongs to a model is written with it, and nothing that is a part of it or lies elsewhere', async () => {
  await writeModelDirectory(directory, { config, tensors }, { beside: new Map([['ema.safetensors', 'average']]) });
  expect((await readdir(directory)).sort()).toEqual(['config.json', 'ema.safetensors', 'model.safetensors']);
  for (const name of ['config.json', '../ema', 'model-00001-of-00002.safetensors'])
    await expect(writeModelDirectory(directory, { config, tensors }, { beside: new Map([[name, '']]) })).rejects.toThrow(
      /is no name/,
    );
});
