import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { flattenTree, type HostArray, hostArray, key, mapTree, pathName, randomNormal, sizeOf, split } from '@gmlp/base';
import { writeModelDirectory } from '@gmlp/checkpoint/node';
import { openDevice } from '@gmlp/devices/node';
import { inference, type Parameter } from '@gmlp/layers';
import { createModel } from '@gmlp/models';
import type { Tensor } from '@tensorflow/tfjs-core';
import ort from 'onnxruntime-node';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { exportModel } from './export-model.ts';

const { config, module } = createModel({
  family: 'gmlp-language',
  vocabulary: 61,
  tokens: 7,
  channels: 32,
  hiddenChannels: 64,
  layers: 2,
  head: { transform: true },
});
const params = mapTree<Parameter, HostArray, typeof module.spec>(module.spec, ({ shape }, path) =>
  hostArray(
    'float32',
    shape,
    randomNormal(split(key(3), pathName(path)), sizeOf(shape)).map((value) => value * 0.2),
  ),
);

let folder: string;
const io = { signal: new AbortController().signal };
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gmlp-export-'));
  const tensors = new Map(flattenTree<HostArray>(params).map(({ path, leaf }) => [pathName(path), leaf]));
  await writeModelDirectory(join(folder, 'model'), { config, tensors });
});
afterAll(() => rm(folder, { recursive: true }));

async function expectSameAsEager(file: string): Promise<void> {
  const session = await ort.InferenceSession.create(file);
  const device = await openDevice('tfjs-cpu');
  const weights = device.put<Parameters<typeof module.apply>[0]>(params);
  const eager = device.compile((p: typeof weights, ids: Tensor) => module.apply(p, { ids }, inference));
  for (const batch of [1, 3]) {
    const ids = Int32Array.from({ length: batch * config.tokens }, (_, i) => (i * 13) % config.vocabulary);
    const { logits } = await session.run({ ids: new ort.Tensor('int32', ids, [batch, config.tokens]) });
    const expected = (await device.read(
      await eager(weights, device.put(hostArray('int32', [batch, config.tokens], ids)) as Tensor),
    )) as HostArray;
    expect(logits!.dims).toEqual(expected.shape);
    const largest = (expected.data as Float32Array).reduce((max, value) => Math.max(max, Math.abs(value)), 0);
    const differences = Array.from(expected.data, (value, i) => Math.abs(value - (logits!.data as Float32Array)[i]!) / largest);
    expect(Math.max(...differences)).toBeLessThan(1e-5);
  }
  await session.release();
  await device.dispose();
}

it('gives in ONNX Runtime what the model gives eagerly, for one sample and several', async () => {
  const { files, inputs, family } = await exportModel(join(folder, 'model'), join(folder, 'model.onnx'), io);
  expect(files).toEqual([join(folder, 'model.onnx')]);
  expect({ inputs, family }).toEqual({ inputs: { ids: { dtype: 'int32', shape: ['batch', 7] } }, family: 'gmlp-language' });
  await expectSameAsEager(files[0]!);
});

it('keeps large parameters in a file beside it', async () => {
  const { files } = await exportModel(join(folder, 'model'), join(folder, 'large.onnx'), io, 1000);
  expect(files).toEqual([join(folder, 'large.onnx'), join(folder, 'large.onnx.data')]);
  await expectSameAsEager(files[0]!);
});

it('a smaller export in the place of a larger one leaves no weights that are not its own; stopped, it leaves all as it was', async () => {
  const place = join(folder, 'large.onnx');
  const stopped = exportModel(join(folder, 'model'), place, { signal: AbortSignal.abort() });
  await expect(stopped).rejects.toMatchObject({ code: 'aborted' });
  await expectSameAsEager(place);
  await exportModel(join(folder, 'model'), place, io);
  expect((await readdir(folder)).filter((name) => name.includes('large'))).toEqual(['large.onnx']);
  await expectSameAsEager(place);
});

it('refuses another ending and a folder that is no model, and writes nothing then', async () => {
  await expect(exportModel(join(folder, 'model'), join(folder, 'a.pb'), io)).rejects.toThrow(/ends in .onnx/);
  await expect(exportModel(folder, join(folder, 'b.onnx'), io)).rejects.toMatchObject({ code: 'not-found' });
  expect(await readdir(folder)).not.toContain('b.onnx');
});
