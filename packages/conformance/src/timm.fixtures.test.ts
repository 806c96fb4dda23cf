/** The image models against timm: weights both ways, logits, loss and every gradient, on every device. */
import { type HostArray, hostArray, key, sizeOf } from '@gmlp/base';
import { inference } from '@gmlp/layers';
import { createModel, type ModelOptions, readTimm, type TimmModel, writeTimm } from '@gmlp/models';
import { softmaxCrossEntropy } from '@gmlp/ops';
import { expectAllClose, fixture } from '@gmlp/testing';
import { disposeTree, lossAndGradients } from '@gmlp/training';
import type { Tensor } from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { onEveryDevice } from './on-every-device.ts';

/** What the sets say of their models, in timm's words. */
interface TimmArguments {
  readonly img_size: number;
  readonly patch_size: number;
  readonly num_classes: number;
  readonly embed_dim: number;
  readonly num_blocks: number;
  readonly mlp_ratio: number;
}

const sizes = (given: TimmArguments, ratio: number) => ({
  imageSize: given.img_size,
  patchSize: given.patch_size,
  channels: given.embed_dim,
  hiddenChannels: given.embed_dim * ratio,
  layers: given.num_blocks,
  head: { classes: given.num_classes },
});

const optionsOf: Readonly<Record<string, (given: TimmArguments) => ModelOptions>> = {
  'timm-gmlp': (given) => ({ family: 'gmlp-vision', ...sizes(given, given.mlp_ratio) }),
  // timm's defaults: half as many hidden units over the tokens as there are channels, four times as many over the channels.
  'timm-mixer': (given) => ({ family: 'mixer-vision', ...sizes(given, 4), tokenHidden: given.embed_dim / 2 }),
  'timm-resmlp': (given) => ({ family: 'resmlp', ...sizes(given, given.mlp_ratio) }),
};

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

for (const [name, options] of Object.entries(optionsOf)) {
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
      softmaxCrossEntropy(model.module.apply(p, image as Tensor, inference), label);
    const result = await device.compile((p: object, b: typeof batch) => ({
      logits: model.module.apply(p, b.image, inference),
      ...lossAndGradients(losses, p, b, key(0)),
    }))(params, batch);
    const { logits, loss, gradients } = await device.read(result);
    expectAllClose(
      new Map([
        ['logits', logits],
        ['loss', hostArray('float32', [1], loss.data as Float32Array)],
      ]),
      golden.all('out.'),
    );
    const named = writeTimm(model, gradients);
    expectAllClose(named, golden.all('grad.'), { kind: 'gradient' });
    disposeTree([params, batch, result]);
  });
}
