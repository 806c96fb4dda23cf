/** gMLP for language against lucidrains' g-mlp-pytorch: logits, loss and every gradient, on every device. */
import { hostArray, key } from '@gmlp/base';
import { type Device, deviceNames, openDevice } from '@gmlp/devices/node';
import { inference, toNamed } from '@gmlp/layers';
import { gmlpMaskedLanguage, lucidrainsNames, readLucidrains } from '@gmlp/models';
import { softmaxCrossEntropy } from '@gmlp/ops';
import { expectAllClose, expectClose, fixture } from '@gmlp/testing';
import { disposeTree, lossAndGradients } from '@gmlp/training';
import { afterAll, beforeAll, describe, it } from 'vitest';

const golden = fixture('lucidrains-gmlp');
const { config, params: weights } = readLucidrains(golden.all('param.'));
const model = gmlpMaskedLanguage(config);

describe.each(deviceNames)('%s', (name) => {
  let device: Device;
  beforeAll(async () => {
    device = await openDevice(name);
  });
  afterAll(() => device?.dispose());

  it('gives the same logits', async () => {
    const params = device.put(weights);
    const ids = device.put(golden.get('in.input_ids'));
    const logits = await device.compile((p: typeof params, x: typeof ids) => model.apply(p, { ids: x }, inference))(params, ids);
    expectClose(await device.read(logits), golden.get('out.logits'), { name: 'logits' });
    disposeTree([params, ids, logits]);
  });

  it('gives the same loss and gradients', async () => {
    const params = device.put(weights);
    const batch = device.put({ ids: golden.get('in.input_ids'), labels: golden.get('in.target') });
    const step = device.compile((p: typeof params, b: typeof batch) =>
      lossAndGradients(
        (p: typeof params, { ids, labels }: typeof batch) => softmaxCrossEntropy(model.apply(p, { ids }, inference), labels),
        p,
        b,
        key(0),
      ),
    );
    const result = await step(params, batch);
    const { loss, gradients } = await device.read({ loss: result.loss, gradients: result.gradients });
    const expected = golden.get('out.loss');
    expectClose(hostArray('float32', expected.shape, loss.data as Float32Array), expected, { name: 'loss' });
    expectAllClose(toNamed(gradients), lucidrainsNames(golden.all('grad.')), { kind: 'gradient' });
    disposeTree([params, batch, result]);
  });
});
