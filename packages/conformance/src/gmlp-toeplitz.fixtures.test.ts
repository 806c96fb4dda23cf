/** A Toeplitz gMLP with BERT's head on the tied embedding against plain PyTorch: logits, loss, every gradient, on every device. */
import { key } from '@gmlp/base';
import { disposeTree } from '@gmlp/devices';
import { inference, loadStrict, toNamed } from '@gmlp/layers';
import { type ConfigOf, createModel } from '@gmlp/models';
import { softmaxCrossEntropy } from '@gmlp/ops';
import { expectAllClose, expectClose, fixture, largestMagnitude } from '@gmlp/testing';
import { meanGradients } from './mean-gradients.ts';
import { onEveryDevice } from './on-every-device.ts';

const golden = fixture('torch-gmlp-toeplitz');
const config = golden.config as unknown as ConfigOf<'gmlp-language'>;
const model = createModel(config).module;
const body = createModel({ family: 'text-features', body: config }).module;
const weights = loadStrict(model.spec, golden.all('param.'));
const largest = largestMagnitude(golden.all('out.').values());

onEveryDevice('gives the hidden states, and the logits at chosen positions', async (device) => {
  const params = device.put(weights);
  const input = device.put({ ids: golden.get('in.ids'), positions: golden.get('in.positions') });
  const output = await device.compile((p: typeof params, x: typeof input) => ({
    hidden: body.apply(p, { ids: x.ids }, inference),
    logits: model.apply(p, x, inference),
  }))(params, input);
  const { hidden, logits } = await device.read(output);
  expectClose(hidden, golden.get('out.hidden'), { name: 'hidden', largest });
  expectClose(logits, golden.get('out.logits'), { name: 'logits', largest });
  disposeTree([params, input, output]);
});

onEveryDevice('gives the loss and every gradient', async (device) => {
  const params = device.put(weights);
  const batch = device.put({ ids: golden.get('in.ids'), positions: golden.get('in.positions'), labels: golden.get('in.labels') });
  const losses = (p: typeof params, { labels, ...input }: typeof batch) =>
    softmaxCrossEntropy(model.apply(p, input, inference), labels);
  const result = await device.compile((p: typeof params, b: typeof batch) => meanGradients(losses, p, b, key(0)))(params, batch);
  const { loss, gradients } = await device.read(result);
  expectClose(loss, golden.get('out.loss'), { name: 'loss', largest });
  expectAllClose(toNamed(gradients), golden.all('grad.'), { kind: 'gradient' });
  disposeTree([params, batch, result]);
});
