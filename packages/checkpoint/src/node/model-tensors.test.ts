import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type HostArray, hostArray } from '@gmlp/base';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FileSystem, nodeFileSystem } from './file-system.ts';
import { readModelDirectory, writeModelDirectory } from './model-directory.ts';
import { inspectModelTensors, readModelTensors } from './model-tensors.ts';
import { inspectSafetensorsFile, writeSafetensorsFile } from './safetensors-files.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gmlp-shards-'));
});
afterEach(() => rm(directory, { recursive: true }));

const array = (value: number, size = 4): HostArray => hostArray('float32', [size], new Float32Array(size).fill(value));
const tensors = new Map([
  ['d.large', array(4, 20)],
  ['a.bias', array(1)],
  ['b.weight', array(2)],
  ['c.weight', array(3)],
  ['e.bias', array(5)],
]);
const config = { layers: 1 };
const sorted = <Value>(map: ReadonlyMap<string, Value>): Map<string, Value> =>
  new Map([...map].sort(([a], [b]) => (a < b ? -1 : 1)));
const index = 'model.safetensors.index.json';
const shards = [1, 2, 3, 4].map((number) => `model-0000${number}-of-00004.safetensors`);

describe('a model in shards', () => {
  beforeEach(() => writeModelDirectory(directory, { config, tensors }, { maximalShardBytes: 32 }));

  it('has no shard above the limit but of one tensor, and an index as Hugging Face’s tools write it', async () => {
    expect((await readdir(directory)).sort()).toEqual(['config.json', ...shards, index].sort());
    expect(JSON.parse(await readFile(join(directory, index), 'utf8'))).toEqual({
      metadata: { total_size: 4 * (20 + 4 * 4) },
      weight_map: {
        'a.bias': shards[0],
        'b.weight': shards[0],
        'c.weight': shards[1],
        'd.large': shards[2],
        'e.bias': shards[3],
      },
    });
    expect([...(await inspectSafetensorsFile(join(directory, shards[0]!))).tensors.keys()]).toEqual(['a.bias', 'b.weight']);
  });

  it('gives back what was written', async () => {
    expect(sorted((await readModelDirectory(directory)).tensors)).toEqual(sorted(tensors));
  });

  it('is inspected without reading it', async () => {
    const found = await inspectModelTensors(directory);
    expect(found.get('d.large')).toEqual({ dtype: 'F32', shape: [20], bytes: 80, path: join(directory, shards[2]!) });
    expect([...found.keys()].sort()).toEqual([...tensors.keys()].sort());
  });

  it('read in part opens only the shards that have the part', async () => {
    const opened: string[] = [];
    const fileSystem: FileSystem = {
      ...nodeFileSystem,
      open: (path, flags) => {
        opened.push(path);
        return nodeFileSystem.open(path, flags);
      },
    };
    const read = await readModelTensors(directory, { fileSystem, only: (name) => name.endsWith('.bias') });
    expect([...read.keys()].sort()).toEqual(['a.bias', 'e.bias']);
    expect(opened).toEqual([index, shards[0]!, shards[3]!].map((name) => join(directory, name)));
    expect((await readModelDirectory(directory, { only: (name) => name === 'a.bias' })).tensors.size).toBe(1);
  });

  it('written over as one file, and back, leaves nothing of the other form', async () => {
    await writeFile(join(directory, 'notes.safetensors'), 'kept');
    await writeModelDirectory(directory, { config, tensors });
    expect((await readdir(directory)).sort()).toEqual(['config.json', 'model.safetensors', 'notes.safetensors']);
    await writeModelDirectory(directory, { config, tensors }, { maximalShardBytes: 100 });
    const names = ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors'];
    expect((await readdir(directory)).sort()).toEqual(['config.json', ...names, index, 'notes.safetensors'].sort());
    expect(sorted((await readModelDirectory(directory)).tensors)).toEqual(sorted(tensors));
  });

  const mapped = (name: string, file: unknown) => async (): Promise<void> => {
    const path = join(directory, index);
    const fields = JSON.parse(await readFile(path, 'utf8')) as { weight_map: Record<string, unknown> };
    fields.weight_map[name] = file;
    await writeFile(path, JSON.stringify(fields));
  };
  const text = (content: string) => () => writeFile(join(directory, index), content);
  it.each<[string, () => Promise<unknown>, string, RegExp]>([
    [
      'lead out of the directory',
      mapped('x', '../model.safetensors'),
      'invalid-data',
      /puts tensor "x" into "..\/model.safetensors"/,
    ],
    ['are absolute', mapped('x', '/etc/passwd'), 'invalid-data', /not the name of a file beside it/],
    ['lead into a folder', mapped('x', 'a/model.safetensors'), 'invalid-data', /not the name of a file beside it/],
    ['lead out on Windows', mapped('x', '..\\model.safetensors'), 'invalid-data', /not the name of a file beside it/],
    ['are numbers', mapped('x', 3), 'invalid-data', /puts tensor "x" into a number/],
    ['are of other files', mapped('x', 'config.json'), 'invalid-data', /not a safetensors file/],
    ['do not exist', mapped('x', 'model-00009-of-00009.safetensors'), 'not-found', /model-00009-of-00009.safetensors does not/],
    ['lack a tensor', mapped('x', shards[1]), 'name-mismatch', /00002-of-00004.safetensors .*it lacks x/],
    ['hold a tensor that belongs elsewhere', mapped('e.bias', shards[0]), 'name-mismatch', /lacks e.bias/],
  ])('is refused when the files in its index %s', async (_, damage, code, message) => {
    await damage();
    for (const read of [readModelTensors, inspectModelTensors, readModelDirectory]) {
      await expect(read(directory)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
    }
  });

  it.each([
    ['is not JSON', '{', /index.json is not JSON/],
    ['has no map', '{"metadata": {}}', /has no "weight_map"/],
    ['lends its map by __proto__', '{"__proto__": {"weight_map": {}}}', /has no "weight_map"/],
    ['names a tensor twice', `{"weight_map": {"a": "x.safetensors", "a": "y.safetensors"}}`, /names tensor "a" twice/],
  ])('is refused when its index %s', async (_, content, message) => {
    await text(content)();
    await expect(readModelTensors(directory)).rejects.toThrow(message);
  });

  it('is refused when a shard has a tensor that the index does not name', async () => {
    await writeSafetensorsFile(join(directory, shards[1]!), new Map([...tensors].slice(1)));
    await expect(readModelTensors(directory)).rejects.toThrow(/holds a.bias, b.weight, e.bias besides/);
  });

  it('is taken from model.safetensors when there is one too, as Hugging Face’s tools do', async () => {
    await writeSafetensorsFile(join(directory, 'model.safetensors'), new Map([['x', array(9)]]));
    expect([...(await readModelTensors(directory)).keys()]).toEqual(['x']);
  });
});

it('fits into one file when the limit allows it', async () => {
  await writeModelDirectory(directory, { config, tensors }, { maximalShardBytes: 144 });
  expect((await readdir(directory)).sort()).toEqual(['config.json', 'model.safetensors']);
});

it('a limit of nothing, and a directory without tensors, are refused', async () => {
  for (const maximalShardBytes of [0, -1, Number.NaN]) {
    await expect(writeModelDirectory(directory, { config, tensors }, { maximalShardBytes })).rejects.toMatchObject({
      code: 'invalid-argument',
    });
  }
  await mkdir(join(directory, 'empty'));
  await expect(readModelTensors(join(directory, 'empty'))).rejects.toThrow(/model.safetensors does not exist/);
});
