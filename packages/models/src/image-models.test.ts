/** What holds for every family of image models. Values: fixtures. Parameters of the named ones: variants/images.test.ts. */
import { key, leavesOf } from '@gmlp/base';
import { inference, init, initialValues, type Module } from '@gmlp/layers';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { createModel } from './create-model.ts';
import type { ModelOptions } from './families.ts';

beforeAll(() => tf.setBackend('cpu'));

const sizes = { imageSize: 12, patchSize: 4, channels: 6, hiddenChannels: 8, layers: 2, head: { classes: 5 } };
const options: Readonly<Record<string, ModelOptions>> = {
  gMLP: { family: 'gmlp-vision', ...sizes },
  aMLP: { family: 'gmlp-vision', ...sizes, attentionChannels: 4 },
  'MLP-Mixer': { family: 'mixer-vision', ...sizes, tokenHidden: 7 },
  ResMLP: { family: 'resmlp', ...sizes },
  ViT: { family: 'vit', ...sizes, heads: 3 },
  'DeiT with a distillation token': { family: 'vit', ...sizes, heads: 3, distilled: true },
};

describe.each(Object.entries(options))('%s', (_, given) => {
  const { config, module: own } = createModel(given);
  const module = own as unknown as Module<object>;

  it('starts with all classes equally likely', () => {
    tf.tidy(() => {
      const logits = module.apply(init(module.spec, key(0)), tf.randomNormal([2, 12, 12, 3]), inference);
      expect(logits.shape).toEqual([2, 5]);
      expect(Array.from(logits.dataSync())).toEqual(Array(10).fill(0));
    });
  });

  it('refuses an image of another size, naming both', () => {
    tf.tidy(() => {
      const params = init(module.spec, key(0));
      expect(() => module.apply(params, tf.zeros([2, 16, 16, 3]), inference)).toThrow(
        /expected images float32 \[batch, 12, 12, 3\] \(height, width, channels\), got float32 \[2, 16, 16, 3\]/,
      );
    });
  });

  it('keeps the body’s initial values when the head is swapped', () => {
    const other = createModel({ ...config, head: { classes: 2 } } as ModelOptions).module as unknown as Module<{ head: unknown }>;
    const { head, ...body } = initialValues(module.spec as { head: unknown }, key(4));
    const { head: swapped, ...kept } = initialValues(other.spec, key(4));
    expect(kept).toEqual(body);
    expect(leavesOf(swapped)).not.toEqual(leavesOf(head));
  });

  it.each([
    [{ patchSize: 5 }, /config.imageSize: patches do not fill the image: a multiple of patchSize is needed/],
    [{ layers: 0 }, /config.layers: expected more than 0, got 0/],
    [{ survivalProbability: 0 }, /config.survivalProbability: expected more than 0, got 0/],
    [{ head: { classes: -1 } }, /config.head.classes: expected more than 0, got -1/],
    [{ chanels: 3 }, /config.chanels: unknown/],
  ])('refuses %j', (change, message) => {
    expect(() => createModel({ ...given, ...change } as never)).toThrow(message);
  });
});

it('heads share the channels, the gate halves them', () => {
  expect(() => createModel({ family: 'vit', ...sizes, heads: 4 })).toThrow(/config.heads: the heads share the channels/);
  expect(() => createModel({ family: 'gmlp-vision', ...sizes, hiddenChannels: 7 })).toThrow(
    /config.hiddenChannels: the gate halves the channels/,
  );
});

it('stochastic depth falls with the block in a ViT, and spares every block alike elsewhere', () => {
  expect(createModel('deit_small_patch16_224').config).toMatchObject({ survivalProbability: 0.9, survivalSpread: 'falling' });
  expect(createModel('gmlp_b16_224').config).toMatchObject({ survivalProbability: 0.8, survivalSpread: 'equal' });
});
