/** The Transformer on padded pairs against torch.nn.Transformer: logits, smoothed loss and every gradient, on every device. */
import { type HostArray, hostArray, key } from '@gmlp/base';
import { disposeTree } from '@gmlp/devices';
import { inference, loadStrict, toNamed } from '@gmlp/layers';
import { createModel, type OptionsOf } from '@gmlp/models';
import { softmaxCrossEntropy } from '@gmlp/ops';
import { expectAllClose, fixture } from '@gmlp/testing';
import * as tf from '@tensorflow/tfjs-core';
import { meanGradients } from './mean-gradients.ts';
import { onEveryDevice } from './on-every-device.ts';

const golden = fixture('torch-transformer');
const { model: options, ...form } = golden.config as {
  model: OptionsOf<'transformer'>;
  labelSmoothing: number;
  ignoredLabel: number;
};
const { module: model } = createModel(options);
const weights = loadStrict(model.spec, golden.all('param.'));
const ids = (name: string): HostArray<'int32'> => {
  const { shape, data } = golden.get(`in.${name}`);
  return hostArray('int32', shape, Int32Array.from(data));
};

onEveryDevice('gives torch’s logits, loss and every gradient', async (device) => {
  const params = device.put(weights);
  const batch = device.put({ source: ids('source'), target: ids('target'), labels: ids('labels') });
  const summed = (p: typeof params, { labels, ...pair }: typeof batch) => {
    const { sum } = softmaxCrossEntropy(model.apply(p, pair, inference), labels, form);
    return { sum, count: tf.scalar(1) }; // the sum itself, not the mean
  };
  const result = await device.compile((p: typeof params, b: typeof batch) => ({
    logits: model.apply(p, b, inference),
    ...meanGradients(summed, p, b, key(0)),
  }))(params, batch);
  const { logits, loss, gradients } = await device.read(result);
  expectAllClose(
    new Map([
      ['logits', logits as HostArray],
      ['loss', loss as HostArray],
    ]),
    golden.all('out.'),
  );
  expectAllClose(toNamed(gradients), golden.all('grad.'), { kind: 'gradient' });
  disposeTree([params, batch, result]);
});
