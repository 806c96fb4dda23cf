import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type HostArray, hostArray, probabilitiesOf } from '@gmlp/base';
import { writeModelDirectory } from '@gmlp/checkpoint/node';
import { openDevice } from '@gmlp/devices/node';
import { inference, toNamed } from '@gmlp/layers';
import { createModel, readTimm } from '@gmlp/models';
import { fixture } from '@gmlp/testing';
import { evaluationValues, inceptionNormalisation } from '@gmlp/vision';
import { decodeImage, loadSharp, readImageFile } from '@gmlp/vision/node';
import * as tf from '@tensorflow/tfjs-core';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCommand } from '../run-command.ts';
import { loadImageModel } from '../saved-model/load-image-model.ts';
import { smallTransform, writePicture, writeSmallImageModel } from '../saved-model/small-image-model.ts';
import { imagePreprocessing } from '../tasks/images/preprocessing.ts';

interface Said {
  readonly image: string;
  readonly classes: readonly { readonly id: string; readonly name: string; readonly probability: number }[];
  readonly error?: string;
}

let folder: string;
let model: string;
const at = (...names: readonly string[]): string => join(folder, ...names);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gmlp-predict-'));
  model = at('model');
  await writeSmallImageModel(model);
  await mkdir(at('photos', 'more'), { recursive: true });
  await writePicture(at('a.png'));
  await writeFile(at('photos', 'b.jpg'), 'no picture');
  await writeFile(at('photos', 'notes.txt'), 'no picture by its name');
  for (let seed = 0; seed < 17; seed++) await writePicture(at('photos', 'more', `${String(seed).padStart(2, '0')}.png`), seed);
  await symlink(at('photos'), at('photos', 'more', 'around'));
  await mkdir(at('empty'));
});
afterAll(() => rm(folder, { recursive: true }));

async function predict(args: readonly string[], stdin?: AsyncIterable<Uint8Array>) {
  const { code, out, err } = await runCommand(
    ['predict', model, ...args, '--json', '--device', 'tfjs-cpu'],
    stdin === undefined ? {} : { stdin },
  );
  const said = out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Said);
  return { code, err, said };
}

it('says of an image what the model says of it after the transform of its directory; a flip is the mean with the mirror image', async () => {
  const device = await openDevice('tfjs-cpu');
  const { apply, params, classes } = await loadImageModel(model);
  const picture = await decodeImage(await readImageFile(at('a.png')), await loadSharp());
  const scores = device.compile((p: unknown, image: tf.Tensor) => apply(p, { image }, inference));
  const ofModel = async (flipped: boolean): Promise<Float64Array> => {
    const values = evaluationValues(picture, smallTransform, { flipped });
    const logits = await scores(device.put<unknown>(params), device.put(hostArray('float32', [1, 16, 16, 3], values)));
    return probabilitiesOf((await device.read(logits)).data);
  };
  const [straight, mirrored] = [await ofModel(false), await ofModel(true)];
  await device.dispose();
  const mean = straight.map((share, index) => (share + mirrored[index]!) / 2);
  expect(Math.max(...mean.map((share, index) => Math.abs(share - straight[index]!)))).toBeGreaterThan(1e-3); // or a flip is nothing

  for (const [flags, expected] of [
    [['--top', '2'], straight],
    [['--top', '2', '--flip'], mean],
  ] as const) {
    const { code, said } = await predict([at('a.png'), ...flags]);
    expect(code).toBe(0);
    const order = [0, 1, 2].sort((a, b) => expected[b]! - expected[a]!).slice(0, 2);
    const likeliest = order.map((index) => ({ ...classes[index]!, probability: expect.closeTo(expected[index]!, 6) as number }));
    expect(said).toEqual([{ image: at('a.png'), classes: likeliest }]);
  }
});

it('answers for files, folders in folders and standard input, names what it cannot read, and ends with 1', async () => {
  const before = tf.engine().state.numTensors;
  async function* stdin() {
    const bytes = await readFile(at('a.png'));
    yield bytes.subarray(0, 100);
    yield bytes.subarray(100);
  }
  const { code, err, said } = await predict([at('nowhere.jpg'), at('photos'), '-', at('empty'), at('a.png')], stdin());
  expect(code).toBe(1);
  const pictures = Array.from({ length: 17 }, (_, seed) => at('photos', 'more', `${String(seed).padStart(2, '0')}.png`));
  expect(said.map(({ image }) => image)).toEqual([
    at('nowhere.jpg'),
    at('photos', 'b.jpg'),
    ...pictures,
    '-',
    at('empty'),
    at('a.png'),
  ]);
  const unread = said.filter(({ error }) => error !== undefined);
  expect(unread.map(({ error }) => error)).toEqual([
    expect.stringMatching(/nowhere\.jpg does not exist/),
    'not an image (it is text that begins with "no picture")',
    expect.stringMatching(/^no file in it is an image/),
  ]);
  expect(err).toMatch(/3 of 22 images could not be read: .*nowhere\.jpg, .*b\.jpg, .*empty/);
  expect(err).toMatch(/passed over as no images by their names: 2 files/);
  expect(said.at(-3)!.classes).toEqual(said.at(-1)!.classes); // the same bytes from standard input
  expect(tf.engine().state.numTensors).toBe(before);
});

it('eval --flip measures what predict --flip says', async () => {
  for (let label = 0; label < 3; label++) {
    await mkdir(at('own', `n${label}`), { recursive: true });
    for (let i = 0; i < 3; i++) await writePicture(at('own', `n${label}`, `${i}.png`), 3 * label + i);
  }
  const { said } = await predict([at('own'), '--flip', '--top', '3']);
  const shares = said.map(({ image, classes }) => {
    const own = classes.findIndex(({ id }) => image.includes(join('own', id)));
    return { share: classes[own]!.probability, right: own === 0 };
  });
  expect(shares).toHaveLength(9);
  const { code, out } = await runCommand(['eval', model, '--data', at('own'), '--flip', '--json', '--device', 'ort-cpu']);
  expect(code).toBe(0);
  const { loss, top1, images } = JSON.parse(out) as { loss: number; top1: number; images: number };
  expect(images).toBe(9);
  expect(loss).toBeCloseTo(shares.reduce((sum, { share }) => sum - Math.log(share), 0) / 9, 4);
  expect(top1).toBeCloseTo(shares.filter(({ right }) => right).length / 9, 6);
});

it('of a DeiT with a distillation token the answer is the mean of its two heads, as timm’s; eval measures the same', async () => {
  const golden = fixture('timm-deit-distilled');
  const classes = Array.from({ length: 7 }, (_, label) => ({ id: `n${label}`, name: `class ${label}` }));
  const { config, module } = createModel({
    ...{ family: 'vit', imageSize: 16, patchSize: 4, channels: 24, hiddenChannels: 96, layers: 2, heads: 3, distilled: true },
    head: { classes: 7 },
  });
  const transform = { size: 16, cropFraction: 1, interpolation: 'bicubic', ...inceptionNormalisation } as const;
  await writeModelDirectory(at('deit'), {
    config,
    tensors: toNamed<HostArray>(readTimm({ config, module }, golden.all('param.'))),
    preprocessing: imagePreprocessing({ classes }, transform).get('preprocessing.json')!,
  });
  await mkdir(at('deit-images', 'n3'), { recursive: true });
  const path = at('deit-images', 'n3', 'a.png');
  const picture = Uint8Array.from(golden.get('in.picture').data);
  await sharp(picture, { raw: { width: 16, height: 16, channels: 3 } }).toFile(path);
  const theirs = probabilitiesOf(golden.get('out.picture_logits').data);
  const args = ['--json', '--device', 'ort-cpu'];
  const predicted = await runCommand(['predict', at('deit'), path, '--top', '7', ...args]);
  expect(predicted.code).toBe(0);
  const said = new Map((JSON.parse(predicted.out) as Said).classes.map(({ id, probability }) => [id, probability]));
  expect(said.size).toBe(7);
  for (const [label, { id }] of classes.entries()) expect(said.get(id)).toBeCloseTo(theirs[label]!, 6);
  const measured = await runCommand(['eval', at('deit'), '--data', at('deit-images'), ...args]);
  expect(measured.code).toBe(0);
  expect((JSON.parse(measured.out) as { loss: number }).loss).toBeCloseTo(-Math.log(theirs[3]!), 5);
});

it('prints each image with its classes', async () => {
  const { code, out } = await runCommand([
    'predict',
    model,
    at('a.png'),
    at('photos', 'b.jpg'),
    '--top',
    '1',
    '--device',
    'tfjs-cpu',
  ]);
  expect(code).toBe(1);
  expect(out).toMatch(
    /^\S+a\.png\n {2,4}\d+\.\d % {2}(cat|dog|tench, Tinca tinca)\n\S+b\.jpg\n {2}could not be read: not an image/,
  );
});

it('says the classes in the words of a list: by their ids, or in its order where the model names none', async () => {
  const likeliest = async (directory: string, list: string): Promise<{ code: number; err: string; names: string[] }> => {
    await writeFile(at('names.txt'), list);
    const args = ['predict', directory, at('a.png'), '--json', '--device', 'tfjs-cpu', '--names', at('names.txt')];
    const { code, out, err } = await runCommand(args);
    const { classes } = out === '' ? { classes: [] } : (JSON.parse(out) as Said);
    return { code, err, names: classes.map(({ name }) => name) };
  };
  await writeSmallImageModel(at('unnamed'), { classes: [] });
  const [{ classes: ids }] = (await predict([at('a.png')])).said as [Said];
  const words = new Map([['n0', 'Katze'], ['n1', 'Hund'], ['n2', 'Schleie']]); // biome-ignore format: a table
  const inOrder = ids.map(({ id }) => words.get(id)!);
  const list = [...words].reverse().map(([id, name]) => `${id}\t${name}\n`);
  expect((await likeliest(model, list.join(''))).names).toEqual(inOrder);
  expect((await likeliest(at('unnamed'), 'Katze\nHund\nSchleie\n')).names).toEqual(inOrder);
  const { code, err } = await likeliest(at('unnamed'), 'Katze\nHund\n');
  expect(code).toBe(1);
  expect(err).toMatch(/names\.txt names 2 classes, and the model, which names none, tells 3 apart; expected a line for each/);
});

it('takes standard input once', async () => {
  const { code, err } = await predict(['-', '-']);
  expect(code).toBe(1);
  expect(err).toMatch(/expected - once at most/);
});

it('refuses a preprocessing.json of another model', async () => {
  await writeSmallImageModel(at('other'), { classes: [{ id: 'only', name: 'one' }] });
  const { code, err } = await runCommand(['predict', at('other'), at('a.png')]);
  expect(code).toBe(1);
  expect(err).toMatch(/preprocessing\.json names 1 classes, the model tells 3 apart/);
});

it('stops when asked while a server says nothing, and so does data inspect', async () => {
  const server = createServer(() => {}).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    for (const args of [
      ['predict', model, `${address}/a.jpg`, '--device', 'tfjs-cpu'],
      ['data', 'inspect', `${address}/a.tar`],
    ]) {
      const stop = new AbortController();
      server.once('request', () => stop.abort());
      expect(await runCommand(args, { signal: stop.signal })).toMatchObject({ code: 130, out: '' });
    }
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

it('stops when asked', async () => {
  const { code, out } = await runCommand(['predict', model, at('a.png')], { signal: AbortSignal.abort() });
  expect({ code, out }).toEqual({ code: 130, out: '' });
});
