/** gMLP, causal gMLP and aMLP for language against lucidrains' g-mlp-pytorch: logits, loss and every gradient, on every device. */
import { hostArray, key } from '@gmlp/base';
import { disposeTree } from '@gmlp/devices';
import { inference, toNamed } from '@gmlp/layers';
import { gmlpMaskedLanguage, lucidrainsNames, readLucidrains } from '@gmlp/models';
import { softmaxCrossEntropy } from '@gmlp/ops';
import { expectAllClose, expectClose, fixture } from '@gmlp/testing';
import { meanGradients } from './mean-gradients.ts';
import { onEveryDevice } from './on-every-device.ts';

const sets = { 'lucidrains-gmlp': false, 'lucidrains-amlp': false, 'lucidrains-gmlp-causal': true };

for (const [name, causal] of Object.entries(sets)) {
  const golden = fixture(name);
  const { config, params: weights } = readLucidrains(golden.all('param.'), { causal });
  const model = gmlpMaskedLanguage(config);

  onEveryDevice(`${name}: gives the logits of lucidrains’ model`, async (device) => {
    const params = device.put(weights);
    const input = device.put({ ids: golden.get('in.input_ids') });
    const logits = await device.compile((p: typeof params, x: typeof input) => model.apply(p, x, inference))(params, input);
    expectClose(await device.read(logits), golden.get('out.logits'), { name: 'logits' });
    disposeTree([params, input, logits]);
  });

  onEveryDevice(`${name}: gives the loss and every gradient of lucidrains’ model`, async (device) => {
    const params = device.put(weights);
    const batch = device.put({ ids: golden.get('in.input_ids'), labels: golden.get('in.target') });
    const losses = (p: typeof params, { ids, labels }: typeof batch) =>
      softmaxCrossEntropy(model.apply(p, { ids }, inference), labels);
    const result = await device.compile((p: typeof params, b: typeof batch) => meanGradients(losses, p, b, key(0)))(
      params,
      batch,
    );
    const { loss, gradients } = await device.read(result);
    const expected = golden.get('out.loss');
    expectClose(hostArray('float32', expected.shape, loss.data as Float32Array), expected, { name: 'loss' });
    expectAllClose(toNamed(gradients), lucidrainsNames(golden.all('grad.')), { kind: 'gradient' });
    disposeTree([params, batch, result]);
  });
}
