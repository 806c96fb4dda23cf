/** The image models against timm: weights both ways, logits, loss and every gradient, on every device. */
import { type HostArray, hostArray, key, sizeOf } from '@gmlp/base';
import { disposeTree } from '@gmlp/devices';
import { inference } from '@gmlp/layers';
import {
  createModel,
  distilledHead,
  type ModelOptions,
  type OptionsOf,
  readTimm,
  type TimmModel,
  vit,
  writeTimm,
} from '@gmlp/models';
import { softmaxCrossEntropy } from '@gmlp/ops';
import { expectAllClose, type Fixture, fixture } from '@gmlp/testing';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { meanGradients } from './mean-gradients.ts';
import { onEveryDevice } from './on-every-device.ts';

/** What the sets say of their models, in timm's words. */
interface TimmArguments {
  readonly img_size: number;
  readonly patch_size: number;
  readonly num_classes: number;
  readonly embed_dim: number;
  readonly num_blocks: number;
  readonly mlp_ratio: number;
  readonly depth: number;
  readonly num_heads: number;
  readonly distilled?: boolean;
}

const sizes = (given: TimmArguments, ratio: number) => ({
  imageSize: given.img_size,
  patchSize: given.patch_size,
  channels: given.embed_dim,
  hiddenChannels: given.embed_dim * ratio,
  layers: given.num_blocks,
  head: { classes: given.num_classes },
});

interface TimmSet {
  readonly options: (given: TimmArguments) => ModelOptions;
  /** What the names of the loss's gradients begin with. */
  readonly gradients: string;
}

const sets: Readonly<Record<string, TimmSet>> = {
  'timm-gmlp': { options: (given) => ({ family: 'gmlp-vision', ...sizes(given, given.mlp_ratio) }), gradients: 'grad.' },
  // timm's defaults: half as many hidden units over the tokens as there are channels, four times as many over the channels.
  'timm-mixer': {
    options: (given) => ({ family: 'mixer-vision', ...sizes(given, 4), tokenHidden: given.embed_dim / 2 }),
    gradients: 'grad.',
  },
  'timm-resmlp': { options: (given) => ({ family: 'resmlp', ...sizes(given, given.mlp_ratio) }), gradients: 'grad.' },
  'timm-vit': { options: vitOptions, gradients: 'grad.' },
  'timm-deit-distilled': { options: vitOptions, gradients: 'grad.loss.' },
};

function vitOptions(given: TimmArguments): OptionsOf<'vit'> {
  const { depth: layers, num_heads: heads, distilled } = given;
  return { family: 'vit', ...sizes(given, given.mlp_ratio), layers, heads, distilled };
}

/** timm's images are [batch, channels, height, width]. */
function channelsLast({ shape, data }: HostArray): HostArray<'float32'> {
  const [batch, channels, height, width] = shape as [number, number, number, number];
  const pixels = height * width;
  const last = Float32Array.from({ length: sizeOf(shape) }, (_, i) => {
    const [pixel, channel] = [Math.floor(i / channels), i % channels];
    const sample = Math.floor(pixel / pixels);
    return data[(sample * channels + channel) * pixels + (pixel % pixels)]!;
  });
  return hostArray('float32', [batch, height, width, channels], last);
}

for (const [name, { options, gradients: prefix }] of Object.entries(sets)) {
  const golden = fixture(name);
  // Each family has other parameters; here they are all trees.
  const model = createModel(options(golden.config as unknown as TimmArguments)) as unknown as TimmModel<object>;
  const theirs = golden.all('param.');

  it(`${name}: timm’s weights load strictly, and are written as they were`, () => {
    const written = writeTimm(model, readTimm(model, theirs));
    expect([...written.keys()].sort()).toEqual([...theirs.keys()].sort());
    for (const [weight, array] of theirs) expect(written.get(weight), weight).toEqual(array);
  });

  onEveryDevice(`${name}: gives timm’s logits, loss and gradients`, async (device) => {
    const params = device.put(readTimm(model, theirs) as object);
    const batch = device.put({ image: channelsLast(golden.get('in.image_nchw')), label: golden.get('in.label') });
    const losses = (p: object, { image, label }: typeof batch) =>
      softmaxCrossEntropy(model.module.apply(p, image, inference), label);
    const result = await device.compile((p: object, b: typeof batch) => ({
      logits: model.module.apply(p, b.image, inference),
      ...meanGradients(losses, p, b, key(0)),
    }))(params, batch);
    const { logits, loss, gradients } = await device.read(result);
    expectOutputs(golden, { logits, loss });
    expectAllClose(writeTimm(model, gradients), golden.all(prefix), { kind: 'gradient' });
    disposeTree([params, batch, result]);
  });
}

const distilled = fixture('timm-deit-distilled');
const deit = createModel(vitOptions(distilled.config as unknown as TimmArguments));
const [body, head] = [vit(deit.config), distilledHead({ ...deit.config, ...deit.config.head })];

onEveryDevice('DeiT’s two heads, trained with a teacher’s labels, give their logits, loss and gradients', async (device) => {
  const params = device.put(readTimm(deit, distilled.all('param.')));
  const batch = device.put({
    image: channelsLast(distilled.get('in.image_nchw')),
    label: distilled.get('in.label'),
    teacher: distilled.get('in.teacher'),
  });
  const each = (p: typeof params, image: Tensor) =>
    head.each(p.head as Parameters<typeof head.each>[0], body.apply(p, image, inference));
  const losses = (p: typeof params, { image, label, teacher }: typeof batch) => {
    const { classification, distillation } = each(p, image);
    const [hard, taught] = [softmaxCrossEntropy(classification, label), softmaxCrossEntropy(distillation, teacher)];
    return { sum: tf.add<Scalar>(hard.sum, taught.sum), count: tf.add<Scalar>(hard.count, taught.count) };
  };
  const result = await device.compile((p: typeof params, b: typeof batch) => ({
    ...each(p, b.image),
    ...meanGradients(losses, p, b, key(0)),
  }))(params, batch);
  const { classification, distillation, loss, gradients } = await device.read(result);
  expectOutputs(distilled, { classification, distillation, distillation_loss: loss });
  expectAllClose(writeTimm(deit, gradients), distilled.all('grad.distillation_loss.'), { kind: 'gradient' });
  disposeTree([params, batch, result]);
});

/** The sets keep a scalar either way: as [] or as [1]. */
function expectOutputs(golden: Fixture, outputs: Readonly<Record<string, HostArray>>): void {
  const expected = new Map(Object.keys(outputs).map((name) => [name, golden.get(`out.${name}`)]));
  const shaped = Object.entries(outputs).map(([name, { data, shape }]): [string, HostArray] => [
    name,
    hostArray('float32', data.length === 1 ? expected.get(name)!.shape : shape, data as Float32Array),
  ]);
  expectAllClose(new Map(shaped), expected);
}
