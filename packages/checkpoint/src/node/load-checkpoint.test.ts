import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type HostArray, hostArray } from '@gmlp/base';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Checkpoint } from './checkpoint.ts';
import { listCheckpoints } from './list-checkpoints.ts';
import { loadCheckpoint, loadNewestCheckpoint } from './load-checkpoint.ts';
import { readModelDirectory, writeModelDirectory } from './model-directory.ts';
import { saveCheckpoint } from './save-checkpoint.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gmlp-checkpoint-'));
});
afterEach(() => rm(directory, { recursive: true }));

/** Every kind of bits: signed zeros, the smallest numbers, infinities, NaN with a payload. */
const bits = Uint32Array.of(0x80000000, 1, 0x7f800000, 0xff800000, 0x7fc12345, 0x3f800001);
const checkpoint = (step: number): Checkpoint => ({
  step,
  config: { family: 'gmlp-language', layers: 1 },
  model: new Map<string, HostArray>([
    ['b.weight', hostArray('float32', [2, 3], new Float32Array(bits.slice().buffer))],
    ['a.bias', hostArray('float32', [1], Float32Array.of(step))],
  ]),
  tokenizer: '{"model":"ä"}',
  optimiser: new Map<string, HostArray>([
    ['step', hostArray('int32', [], Int32Array.of(step))],
    ['mean.a.bias', hostArray('float32', [1], Float32Array.of(-step))],
  ]),
  ema: new Map<string, HostArray>([['a.bias', hostArray('float32', [1], Float32Array.of(step / 2))]]),
  state: { key: [1, 2], position: { file: 3, record: 4 }, history: [{ step: 1, loss: 0.5 }, null] },
});

const bytesOf = (tensors: ReadonlyMap<string, HostArray> = new Map()): Map<string, unknown> =>
  new Map(
    [...tensors].sort().map(([name, { dtype, shape, data }]) => {
      return [name, { dtype, shape, bytes: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) }];
    }),
  );

describe('saveCheckpoint and loadCheckpoint', () => {
  it('give back what was saved, bit for bit', async () => {
    const saved = checkpoint(12);
    const path = await saveCheckpoint(join(directory, 'a', 'checkpoints'), saved, { threads: 3 });
    expect(path).toBe(join(directory, 'a', 'checkpoints', 'step-000012'));
    const loaded = await loadCheckpoint(path);
    expect(loaded).toMatchObject({ step: 12, threads: 3, config: saved.config, tokenizer: saved.tokenizer, state: saved.state });
    for (const kind of ['model', 'optimiser', 'ema'] as const) expect(bytesOf(loaded[kind])).toEqual(bytesOf(saved[kind]));
    expect((await readdir(path)).sort()).toEqual([
      'config.json',
      'ema.safetensors',
      'manifest.json',
      'model.safetensors',
      'optimiser.safetensors',
      'state.json',
      'tokenizer.json',
    ]);
    expect(await readdir(join(directory, 'a', 'checkpoints'))).toEqual(['step-000012']);
  });

  it('leave out what is not there, and give it as absent', async () => {
    const { step, config, model } = checkpoint(0);
    const path = await saveCheckpoint(directory, { step, config, model, optimiser: new Map(), state: null });
    const loaded = await loadCheckpoint(path);
    expect(loaded.optimiser.size).toBe(0);
    expect(loaded.state).toBe(null);
    for (const name of ['tokenizer', 'ema']) expect(loaded).not.toHaveProperty(name);
  });

  it('name the version of the package', async () => {
    const { version } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string };
    expect((await loadCheckpoint(await saveCheckpoint(directory, checkpoint(1)))).package).toBe(version);
  });

  it('write the same bytes for the same content, whatever the order of the tensors', async () => {
    const first = checkpoint(1);
    const second = { ...first, model: new Map([...first.model].reverse()) };
    const paths = [await saveCheckpoint(join(directory, 'a'), first), await saveCheckpoint(join(directory, 'b'), second)];
    for (const name of await readdir(paths[0]!)) {
      expect(await readFile(join(paths[1]!, name)), name).toEqual(await readFile(join(paths[0]!, name)));
    }
  });

  it('make a model directory, with the files that writeModelDirectory writes', async () => {
    const { config, model, tokenizer } = checkpoint(1);
    const path = await saveCheckpoint(directory, checkpoint(1));
    await writeModelDirectory(join(directory, 'model'), { config, tensors: model, tokenizer: tokenizer! });
    for (const name of await readdir(join(directory, 'model'))) {
      expect(await readFile(join(path, name)), name).toEqual(await readFile(join(directory, 'model', name)));
    }
    expect(bytesOf((await readModelDirectory(path)).tensors)).toEqual(bytesOf(model));
  });

  it('replace a checkpoint of the same step, damaged or not', async () => {
    const path = await saveCheckpoint(directory, checkpoint(7));
    await rm(join(path, 'manifest.json'));
    await saveCheckpoint(directory, { ...checkpoint(7), state: 'second' });
    expect((await loadCheckpoint(path)).state).toBe('second');
    await saveCheckpoint(directory, { ...checkpoint(7), state: 'third' });
    expect((await loadCheckpoint(path)).state).toBe('third');
    expect(await readdir(directory)).toEqual(['step-000007']);
  });

  it.each([
    ['a step that is no count', { step: 1.5 }, /step must be a whole number, got 1.5/],
    ['a step below zero', { step: -1 }, /step must be a whole number/],
    ['a state that JSON would change', { state: { history: [Number.NaN] } }, /0 must be JSON-able, got NaN/],
    ['a state that holds something else', { state: { seen: new Set() } }, /seen must be JSON-able, got Set/],
    ['no state', { state: undefined }, /state must be JSON-able, got undefined/],
    ['a config that is no JSON', { config: { f() {} } }, /f must be JSON-able, got function/],
    ['a state with large integers', { state: 1n }, /state must be JSON-able, got bigint/],
  ])('refuse to save %s', async (_, fields, message) => {
    const invalid = { ...checkpoint(1), ...fields } as Checkpoint;
    await expect(saveCheckpoint(directory, invalid)).rejects.toMatchObject({ code: 'invalid-argument' });
    await expect(saveCheckpoint(directory, invalid)).rejects.toThrow(message);
    expect(await readdir(directory)).toEqual([]);
  });

  it('refuse to save a state that contains itself', async () => {
    const state: { self?: unknown } = {};
    state.self = state;
    await expect(saveCheckpoint(directory, { ...checkpoint(1), state })).rejects.toMatchObject({ code: 'invalid-argument' });
  });
});

describe('loadNewestCheckpoint', () => {
  beforeEach(async () => {
    for (const step of [1_000_000, 9, 10]) await saveCheckpoint(directory, checkpoint(step));
  });
  const newest = (): string => join(directory, 'step-1000000');

  it('takes the one of the highest step, ignoring what is no checkpoint', async () => {
    for (const name of ['step-9999999.bak', 'step-00000000000000099', 'step-99', '.step-9999999.x.1.tmp', 'best']) {
      await mkdir(join(directory, name));
    }
    const { checkpoint: loaded, refused } = await loadNewestCheckpoint(directory);
    expect(loaded?.step).toBe(1_000_000);
    expect(refused).toEqual([]);
    expect((await listCheckpoints(directory)).map(({ step }) => step)).toEqual([9, 10, 1_000_000]);
  });

  it('finds none where there is none', async () => {
    for (const folder of [join(directory, 'step-000009'), join(directory, 'none')]) {
      expect(await loadNewestCheckpoint(folder)).toEqual({ refused: [] });
      expect(await listCheckpoints(folder)).toEqual([]);
    }
    await expect(loadNewestCheckpoint(join(directory, 'step-000009', 'config.json'))).rejects.toMatchObject({ code: 'io' });
  });

  const manifest = async (change: (fields: Record<string, unknown>) => void): Promise<void> => {
    const path = join(newest(), 'manifest.json');
    const fields = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;
    change(fields);
    await writeFile(path, JSON.stringify(fields));
  };
  const files = (fields: Record<string, unknown>): Record<string, unknown> => fields['files'] as Record<string, unknown>;
  const record = { bytes: 1, sha256: '0'.repeat(64) };

  it.each<[string, () => Promise<unknown>, RegExp]>([
    ['a manifest that was changed', () => manifest((m) => Object.assign(m, { threads: 7 })), /has not the SHA-256 that it says/],
    ['no manifest', () => rm(join(newest(), 'manifest.json')), /manifest.json does not exist; the checkpoint was not finished/],
    [
      'a manifest of a newer version',
      () => manifest((m) => Object.assign(m, { version: 2 })),
      /version 2.*reads up to 1; update/,
    ],
    ['a manifest that is not JSON', () => writeFile(join(newest(), 'manifest.json'), '{'), /manifest.json is not JSON/],
    ['another manifest', () => writeFile(join(newest(), 'manifest.json'), '{}'), /not a checkpoint's manifest/],
    ['a step that is not its name’s', () => rename(newest(), join(directory, 'step-2000000')), /is of step 1000000, its folder/],
    ['a step that is no number', () => manifest((m) => Object.assign(m, { step: '9' })), /has step "9"/],
    ['no threads', () => manifest((m) => delete m['threads']), /lacks "threads"/],
    ['files that are no object', () => manifest((m) => Object.assign(m, { files: [] })), /"files" that are not an object/],
    [
      'a name that leads out',
      () => manifest((m) => Object.assign(files(m), { '../x': record })),
      /"..\/x", which may lie outside/,
    ],
    ['a name on another drive', () => manifest((m) => Object.assign(files(m), { 'C:x': record })), /may lie outside/],
    ['a Windows name that leads out', () => manifest((m) => Object.assign(files(m), { '..\\x': record })), /may lie outside/],
    ['the folder itself', () => manifest((m) => Object.assign(files(m), { '..': record })), /may lie outside/],
    [
      'a record that is none',
      () => manifest((m) => Object.assign(files(m), { x: { bytes: -1 } })),
      /something else than { bytes/,
    ],
    ['a file that is not listed', () => manifest((m) => delete files(m)['state.json']), /does not list state.json/],
    ['a file that is a folder', () => replacedByFolder('state.json'), /state.json/],
    ['a file in its place', () => rm(newest(), { recursive: true }).then(() => writeFile(newest(), '')), /step-1000000/],
  ])('refuses one with %s, says so, and takes the one before', async (_, damage, reason) => {
    await damage();
    const { checkpoint: loaded, refused } = await loadNewestCheckpoint(directory);
    expect(loaded?.step).toBe(10);
    expect(refused).toHaveLength(1);
    expect(refused[0]!.reason).toMatch(reason);
    expect((await listCheckpoints(directory)).find(({ path }) => path === refused[0]!.path)?.refused).toMatch(reason);
  });

  async function replacedByFolder(name: string): Promise<void> {
    await rm(join(newest(), name));
    await mkdir(join(newest(), name));
  }

  it('refuses a flipped bit, a cut and an appended byte in every file, and a file that is missing', async () => {
    for (const name of await readdir(newest())) {
      const path = join(newest(), name);
      const whole = new Uint8Array(await readFile(path));
      const at = [0, 1, 8, whole.length >> 1, whole.length - 1];
      const damaged = [
        ...at.map((position) => whole.with(position, whole[position]! ^ 4)),
        ...at.map((length) => whole.slice(0, length)),
        new Uint8Array([...whole, 10]),
      ];
      for (const [number, bytes] of damaged.entries()) {
        await writeFile(path, bytes);
        const { checkpoint: loaded, refused } = await loadNewestCheckpoint(directory);
        if (name === 'manifest.json' && number >= 9) {
          expect(loaded?.step).toBe(1_000_000); // only the space at its end is another
        } else {
          expect(loaded?.step, `${name}, damage ${number}`).toBe(10);
          expect(refused[0]!.reason).toContain(name);
        }
      }
      await rm(path);
      const { checkpoint: loaded, refused } = await loadNewestCheckpoint(directory);
      expect(loaded?.step).toBe(10);
      expect(refused[0]!.reason).toContain(`${name} does not exist`);
      await writeFile(path, whole);
    }
    expect((await loadNewestCheckpoint(directory)).checkpoint?.step).toBe(1_000_000);
  });

  it('tells of each that it refused, newest first', async () => {
    for (const { path } of await listCheckpoints(directory)) await writeFile(join(path, 'model.safetensors'), '');
    const { checkpoint: loaded, refused } = await loadNewestCheckpoint(directory);
    expect(loaded).toBe(undefined);
    expect(refused.map(({ step }) => step)).toEqual([1_000_000, 10, 9]);
    for (const { reason } of refused) expect(reason).toMatch(/model.safetensors has 0 bytes, its manifest says \d+/);
  });
});
