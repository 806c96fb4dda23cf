/** The blocks with a linear, additive and multiplicative gate against plain PyTorch: outputs and every gradient, on every device. */
import { key } from '@gmlp/base';
import { disposeTree } from '@gmlp/devices';
import { type GmlpBlockParameters, gmlpBlock, inference, loadStrict, type Module, toNamed } from '@gmlp/layers';
import { expectAllClose, fixture } from '@gmlp/testing';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { meanGradients } from './mean-gradients.ts';
import { onEveryDevice } from './on-every-device.ts';

const golden = fixture('torch-gmlp-gates');
const forms = ['linear', 'additive', 'multiplicative'] as const;
type Form = (typeof forms)[number];
type ByForm<T> = { readonly [form in Form]: T };
const byForm = <T>(value: (form: Form) => T): ByForm<T> => ({
  linear: value('linear'),
  additive: value('additive'),
  multiplicative: value('multiplicative'),
});

const sizes = golden.config as { tokens: number; channels: number; hiddenChannels: number; epsilon: number };
const blocks: ByForm<Module<GmlpBlockParameters>> = byForm((gate) => gmlpBlock({ ...sizes, gate }));
const specs = byForm((form) => blocks[form].spec);
const weights = loadStrict(specs, golden.all('param.'));

onEveryDevice('gives the outputs and every gradient', async (device) => {
  // The gradient of the input counts too, hence x sits among the parameters.
  const params = device.put({ forms: weights, x: golden.get('in.x') });
  const batch = device.put(byForm((form) => golden.get(`in.weights.${form}`)));
  const outputs = (p: typeof params): ByForm<Tensor> => byForm((form) => blocks[form].apply(p.forms[form], p.x, inference));
  const weighted = (p: typeof params, b: typeof batch) => {
    const y = outputs(p);
    const sums = forms.map((form) => tf.sum(tf.mul(y[form], b[form])));
    return { sum: sums.reduce((total, sum) => tf.add(total, sum)) as Scalar, count: tf.scalar(1) };
  };
  const result = await device.compile((p: typeof params, b: typeof batch) => ({
    outputs: outputs(p),
    ...meanGradients(weighted, p, b, key(0)),
  }))(params, batch);
  const read = await device.read(result);
  expectAllClose(toNamed({ ...read.outputs, loss: read.loss }), golden.all('out.'));
  const { forms: gradients, x } = read.gradients;
  expectAllClose(toNamed({ ...gradients, x }), golden.all('grad.'), { kind: 'gradient' });
  disposeTree([params, batch, result]);
});
