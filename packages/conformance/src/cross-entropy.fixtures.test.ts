/** Cross-entropy with ignored labels, plain and smoothed, against PyTorch: sums, count and gradients, on every device. */
import { key } from '@gmlp/base';
import { disposeTree } from '@gmlp/devices';
import { softmaxCrossEntropy } from '@gmlp/ops';
import { expectClose, fixture } from '@gmlp/testing';
import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import { meanGradients } from './mean-gradients.ts';
import { onEveryDevice } from './on-every-device.ts';

const golden = fixture('torch-cross-entropy');
const { ignoredLabel, labelSmoothing: smoothings } = golden.config as {
  ignoredLabel: number;
  labelSmoothing: Record<string, number>;
};

for (const [form, labelSmoothing] of Object.entries(smoothings)) {
  onEveryDevice(`${form} cross-entropy with ignored labels gives the sum, the count and the gradient`, async (device) => {
    const params = device.put({ logits: golden.get('in.logits') });
    const batch = device.put({ labels: golden.get('in.labels') });
    const summed = ({ logits }: typeof params, { labels }: typeof batch) => {
      const { sum } = softmaxCrossEntropy(logits, labels, { ignoredLabel, labelSmoothing });
      return { sum, count: tf.scalar(1) }; // the sum itself, not the mean
    };
    const result = await device.compile((p: typeof params, b: typeof batch) => {
      const { loss, count, gradients } = meanGradients(summed, p, b, key(0));
      return {
        loss,
        one: count,
        gradients,
        count: softmaxCrossEntropy(p.logits, b.labels, { ignoredLabel, labelSmoothing }).count,
      };
    })(params, batch);
    const { loss, gradients, count } = await device.read(result);
    expectClose(loss, golden.get(`out.${form}`), { name: 'sum' });
    expectClose(gradients.logits, golden.get(`grad.${form}.logits`), { kind: 'gradient', name: 'gradient' });
    expect(count.data[0]).toBe(golden.get('out.count').data[0]);
    disposeTree([params, batch, result]);
  });
}
