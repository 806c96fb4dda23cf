/** Loss and gradients of the image models in training, with stochastic depth drawn from the key, against TF.js's cpu backend. */
import { type HostArray, key, mapTree, pathName } from '@gmlp/base';
import type { Device } from '@gmlp/devices/node';
import { type Module, type Parameter, toNamed } from '@gmlp/layers';
import { createModel, type ModelOptions } from '@gmlp/models';
import { softmaxCrossEntropy } from '@gmlp/ops';
import { expectAllClose, expectClose } from '@gmlp/testing';
import { disposeTree, lossAndGradients } from '@gmlp/training';
import { ints, normal, onEveryDevice, device as openOnce } from './on-every-device.ts';

const sizes = {
  imageSize: 12,
  patchSize: 4,
  channels: 12,
  hiddenChannels: 20,
  layers: 3,
  survivalProbability: 0.6,
  head: { classes: 7 },
} as const;
const models: Readonly<Record<string, ModelOptions>> = {
  gMLP: { family: 'gmlp-vision', ...sizes },
  'MLP-Mixer': { family: 'mixer-vision', ...sizes, tokenHidden: 5 },
  ResMLP: { family: 'resmlp', ...sizes },
  'ViT with a distillation token': { family: 'vit', ...sizes, heads: 3, distilled: true },
};

async function lossOf(device: Device, options: ModelOptions): Promise<{ loss: HostArray; gradients: Map<string, HostArray> }> {
  const module = createModel(options).module as unknown as Module<object>;
  const weights = mapTree<Parameter, HostArray, unknown>(module.spec, ({ shape }, path) =>
    normal(pathName(path), shape, shape.length === 2 ? shape[0]! ** -0.5 : 0.5),
  );
  const params = device.put(weights as object);
  const batch = device.put({ image: normal('image', [6, 12, 12, 3]), label: ints([6], [0, 6, 2, 2, 5, 1]) });
  const losses = (p: object, { image, label }: typeof batch, k: ReturnType<typeof key>) =>
    softmaxCrossEntropy(module.apply(p, image, { training: true, key: k }), label);
  const result = await device.compile((p: object, b: typeof batch, k: ReturnType<typeof key>) =>
    lossAndGradients(losses, p, b, k),
  )(params, batch, key(11));
  const { loss, gradients } = await device.read(result);
  disposeTree([params, batch, result]);
  return { loss, gradients: toNamed(gradients) };
}

for (const [name, options] of Object.entries(models)) {
  onEveryDevice(`${name} in training`, async (device) => {
    const expected = await lossOf(await openOnce('tfjs-cpu'), options);
    const actual = await lossOf(device, options);
    expectClose(actual.loss, expected.loss, { name: 'loss' });
    expectAllClose(actual.gradients, expected.gradients, { kind: 'gradient' });
  });
}
