/** Loss and gradients of the image models in training, with stochastic depth drawn from the key, against TF.js's cpu backend. */
import { type HostArray, key } from '@gmlp/base';
import { disposeTree } from '@gmlp/devices';
import type { Device } from '@gmlp/devices/node';
import { type Context, type Module, toNamed } from '@gmlp/layers';
import { createModel, type ModelOptions } from '@gmlp/models';
import { softmaxCrossEntropy } from '@gmlp/ops';
import { expectAllClose, expectClose } from '@gmlp/testing';
import { meanGradients } from './mean-gradients.ts';
import { ints, onEveryDevice, device as openOnce } from './on-every-device.ts';
import { images, randomWeights, smallImageModels } from './small-image-models.ts';

async function lossOf(device: Device, options: ModelOptions): Promise<{ loss: HostArray; gradients: Map<string, HostArray> }> {
  const module = createModel(options).module as unknown as Module<object>;
  const params = device.put(randomWeights(module.spec));
  const batch = device.put({ image: images(6), label: ints([6], [0, 6, 2, 2, 5, 1]) });
  const losses = (p: object, { image, label }: typeof batch, context: Context) =>
    softmaxCrossEntropy(module.apply(p, image, context), label);
  const result = await device.compile((p: object, b: typeof batch, k: ReturnType<typeof key>) => meanGradients(losses, p, b, k))(
    params,
    batch,
    key(11),
  );
  const { loss, gradients } = await device.read(result);
  disposeTree([params, batch, result]);
  return { loss, gradients: toNamed(gradients) };
}

for (const [name, options] of Object.entries(smallImageModels)) {
  onEveryDevice(`${name} in training`, async (device) => {
    const expected = await lossOf(await openOnce('tfjs-cpu'), options);
    const actual = await lossOf(device, options);
    expectClose(actual.loss, expected.loss, { name: 'loss' });
    expectAllClose(actual.gradients, expected.gradients, { kind: 'gradient' });
  });
}
