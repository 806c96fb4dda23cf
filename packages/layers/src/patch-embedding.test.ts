import { key, randomNormal, split } from '@gmlp/base';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, expect, it } from 'vitest';
import { init } from './parameters.ts';
import { patchEmbedding, patchTokens } from './patch-embedding.ts';

beforeAll(() => tf.setBackend('cpu'));

const random = (name: string, shape: number[]): tf.Tensor =>
  tf.tensor(
    randomNormal(
      split(key(3), name),
      shape.reduce((a, b) => a * b, 1),
    ),
    shape,
  );

it.each([
  [12, 4, 3],
  [6, 3, 1],
  [5, 5, 2],
])('is the convolution with stride p: image %i, p %i, %i input channels', (imageSize, patchSize, inputChannels) => {
  tf.tidy(() => {
    const layer = patchEmbedding({ imageSize, patchSize, inputChannels, channels: 7 });
    const params = { weight: random('w', [patchSize * patchSize * inputChannels, 7]), bias: random('b', [7]) };
    const image = random('x', [2, imageSize, imageSize, inputChannels]) as tf.Tensor4D;
    const filter = tf.reshape(params.weight, [patchSize, patchSize, inputChannels, 7]) as tf.Tensor4D;
    const convolved = tf.add(tf.conv2d(image, filter, patchSize, 'valid'), params.bias);
    const tokens = layer.apply(params, image);
    expect(tokens.shape).toEqual([2, patchTokens({ imageSize, patchSize }), 7]);
    const expected = convolved.dataSync();
    tokens.dataSync().forEach((value, i) => void expect(value).toBeCloseTo(expected[i]!, 4));
  });
});

it('starts with vectors of the variance of a pixel', () => {
  const { weight } = init(patchEmbedding({ imageSize: 32, patchSize: 16, channels: 64 }).spec, key(0));
  const variance = tf.tidy(() => tf.mean(tf.square(weight)).dataSync()[0]!);
  expect(variance * 16 * 16 * 3).toBeCloseTo(1, 1);
  weight.dispose();
});

it('refuses another image, naming both shapes and what to do', () => {
  const layer = patchEmbedding({ imageSize: 8, patchSize: 4, channels: 2 });
  tf.tidy(() => {
    const params = init(layer.spec, key(0));
    expect(() => layer.apply(params, tf.zeros([1, 12, 12, 3]))).toThrow(
      /expected images float32 \[batch, 8, 8, 3\] .*got float32 \[1, 12, 12, 3\]; resize or crop .* or create the model with imageSize: 12$/,
    );
    expect(() => layer.apply(params, tf.zeros([1, 3, 8, 8]))).toThrow(/channels come last here: transpose \[0, 2, 3, 1\]/);
    expect(() => layer.apply(params, tf.zeros([1, 8, 8, 3], 'int32'))).toThrow(/got int32 \[1, 8, 8, 3\]/);
    expect(() => layer.apply(params, tf.zeros([8, 8, 3]))).toThrow(/got float32 \[8, 8, 3\]/);
  });
});

it('refuses patches that do not fill the image', () => {
  expect(() => patchEmbedding({ imageSize: 30, patchSize: 16, channels: 2 })).toThrow(
    /patches of 16 pixels do not fill an image of 30/,
  );
});
