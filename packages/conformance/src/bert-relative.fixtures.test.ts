/** BERT with relative positions, with and without the content of attention, against torch: logits, loss, gradients, on every device. */
import { hostArray, key } from '@gmlp/base';
import { disposeTree } from '@gmlp/devices';
import { inference, loadStrict, toNamed } from '@gmlp/layers';
import { createModel, type OptionsOf } from '@gmlp/models';
import { softmaxCrossEntropy } from '@gmlp/ops';
import { expectAllClose, fixture } from '@gmlp/testing';
import { meanGradients } from './mean-gradients.ts';
import { onEveryDevice } from './on-every-device.ts';

for (const name of ['torch-bert-relative', 'torch-bert-noattn']) {
  const golden = fixture(name);
  const { module: model } = createModel(golden.config as unknown as OptionsOf<'bert'>);
  const weights = loadStrict(model.spec, golden.all('param.'));
  const mask = golden.get('in.mask');

  onEveryDevice(`${name}: gives torch’s logits, loss and every gradient`, async (device) => {
    const params = device.put(weights);
    const batch = device.put({
      text: { ids: golden.get('in.ids'), mask: hostArray('bool', mask.shape, Uint8Array.from(mask.data)) },
      labels: golden.get('in.labels'),
    });
    const losses = (p: typeof params, { text, labels }: typeof batch) =>
      softmaxCrossEntropy(model.apply(p, text, inference), labels);
    const result = await device.compile((p: typeof params, b: typeof batch) => ({
      logits: model.apply(p, b.text, inference),
      ...meanGradients(losses, p, b, key(0)),
    }))(params, batch);
    const { logits, loss, gradients } = await device.read(result);
    expectAllClose(toNamed({ logits, loss }), golden.all('out.'));
    expectAllClose(toNamed(gradients), golden.all('grad.'), { kind: 'gradient' });
    disposeTree([params, batch, result]);
  });
}
