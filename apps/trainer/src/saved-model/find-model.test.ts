import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hostArray } from '@gmlp/base';
import { saveCheckpoint } from '@gmlp/checkpoint/node';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findModel } from './find-model.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gmlp-find-model-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function file(...path: string[]): Promise<string> {
  const place = join(folder, ...path);
  await mkdir(join(place, '..'), { recursive: true });
  await writeFile(place, '{}');
  return place;
}

const checkpoint = (step: number): Promise<string> =>
  saveCheckpoint(join(folder, 'run', 'checkpoints'), {
    step,
    config: {},
    model: new Map([['weight', hostArray('float32', [1], Float32Array.of(step))]]),
    optimiser: new Map(),
    state: {},
  }).then(() => join(folder, 'run', 'checkpoints', `step-${String(step).padStart(6, '0')}`));

it('a directory with a config is the model itself', async () => {
  await file('alone', 'config.json');
  expect(await findModel(join(folder, 'alone'))).toEqual({ directory: join(folder, 'alone'), refused: [] });
});

it('of a run it is the final model, before there is one the newest whole checkpoint', async () => {
  const run = join(folder, 'run');
  await file('run', 'run.json');
  await expect(findModel(run)).rejects.toThrow(/the run .*run has no model: it has no checkpoint yet/);
  const [first, second] = [await checkpoint(10), await checkpoint(20)];
  expect(await findModel(run)).toEqual({ directory: second, run, refused: [] });
  await rm(join(second, 'model.safetensors'));
  expect(await findModel(run)).toEqual({
    directory: first,
    run,
    refused: [expect.stringMatching(/step-000020.*model\.safetensors/)],
  });
  await rm(join(first, 'manifest.json'));
  await expect(findModel(run)).rejects.toThrow(/none of its checkpoints is whole:\n.*step-000020.*\n.*step-000010/);
  await file('run', 'model', 'config.json');
  expect(await findModel(run)).toEqual({ directory: join(run, 'model'), run, refused: [] });
});

it('a checkpoint whose weights have not the SHA-256 of its manifest is passed over', async () => {
  await file('run', 'run.json');
  const [first, second] = [await checkpoint(10), await checkpoint(20)];
  const weights = join(second, 'model.safetensors');
  const bytes = await readFile(weights);
  await writeFile(weights, bytes.fill(7, bytes.length - 1));
  const { directory, refused } = await findModel(join(folder, 'run'));
  expect(directory).toBe(first);
  expect(refused).toEqual([expect.stringMatching(/step-000020.model\.safetensors has not the SHA-256/)]);
});

it('knows the run of a final model and of a checkpoint', async () => {
  await file('run', 'run.json');
  await file('run', 'model', 'config.json');
  const directory = await checkpoint(10);
  expect(await findModel(join(folder, 'run', 'model', '.'))).toMatchObject({ run: join(folder, 'run') });
  expect(await findModel(directory)).toEqual({ directory, run: join(folder, 'run'), refused: [] });
});

it('refuses anything else, with what was expected and what came', async () => {
  await mkdir(join(folder, 'empty'));
  const stray = await file('other', 'notes.txt');
  await expect(findModel(join(folder, 'nowhere'))).rejects.toThrow(
    /expected the folder of a run or a model, but .*nowhere does not exist/,
  );
  await expect(findModel(stray)).rejects.toThrow(/notes\.txt is a file/);
  await expect(findModel(join(folder, 'empty'))).rejects.toThrow(/expected a model directory or checkpoint .* holds nothing/);
  await expect(findModel(join(folder, 'other'))).rejects.toThrow(/other holds notes\.txt/);
});
