/** MLP-Mixer for language against plain torch: logits, loss, every gradient, on every device. */
import { key } from '@gmlp/base';
import { disposeTree } from '@gmlp/devices';
import { inference, loadStrict, toNamed } from '@gmlp/layers';
import { createModel, type OptionsOf } from '@gmlp/models';
import { softmaxCrossEntropy } from '@gmlp/ops';
import { expectAllClose, fixture } from '@gmlp/testing';
import { meanGradients } from './mean-gradients.ts';
import { onEveryDevice } from './on-every-device.ts';

const golden = fixture('torch-mixer-language');
const { module: model } = createModel(golden.config as unknown as OptionsOf<'mixer-language'>);
const weights = loadStrict(model.spec, golden.all('param.'));

onEveryDevice('gives torch’s logits, loss and every gradient', async (device) => {
  const params = device.put(weights);
  const batch = device.put({ ids: golden.get('in.ids'), labels: golden.get('in.labels') });
  const losses = (p: typeof params, { ids, labels }: typeof batch) =>
    softmaxCrossEntropy(model.apply(p, { ids }, inference), labels);
  const result = await device.compile((p: typeof params, b: typeof batch) => ({
    logits: model.apply(p, { ids: b.ids }, inference),
    ...meanGradients(losses, p, b, key(0)),
  }))(params, batch);
  const { logits, loss, gradients } = await device.read(result);
  expectAllClose(toNamed({ logits, loss }), golden.all('out.'));
  expectAllClose(toNamed(gradients), golden.all('grad.'), { kind: 'gradient' });
  disposeTree([params, batch, result]);
});
