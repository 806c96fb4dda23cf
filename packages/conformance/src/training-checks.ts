/** Training on a device against TF.js's cpu backend, as a training loop does it: of each step the loss alone is read. */
import { type HostArray, hostArray, key, mapTree, pathName, split } from '@gmlp/base';
import { type Device, disposeTree, movedBetween, type Transfers } from '@gmlp/devices';
import { type Context, type Module, toNamed } from '@gmlp/layers';
import { createModel } from '@gmlp/models';
import { adamw, adamwInit, softmaxCrossEntropy } from '@gmlp/ops';
import { expectAllClose, expectClose } from '@gmlp/testing/closeness';
import { type LossSum, trainingStep } from '@gmlp/training';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import type { CheckedDevice } from './checked-device.ts';
import { normal } from './host-inputs.ts';
import { type TinyModel, tinyModels } from './tiny-models.ts';

export const trainingChecks: readonly { readonly name: string; run(on: CheckedDevice): Promise<void> }[] = [
  ...Object.entries(tinyModels).map(([name, model]) => ({
    name: `${name}: three training steps with AdamW`,
    run: (on: CheckedDevice) => trainingAgrees(model, on),
  })),
  { name: 'a step moves its batch and its loss, not the parameters', run: parametersStay },
  { name: 'a parameter that is no number makes the loss none, and the next loss of others is one', run: noNumberIsSeen },
];

type Batch = Readonly<Record<string, Tensor>> & { readonly labels: Tensor };

interface Trained {
  readonly losses: number[];
  readonly gradients: Map<string, HostArray>[];
  readonly params: Map<string, HostArray>;
}

interface TrainOptions {
  /** Whether the gradients of each step are read. */
  readonly readGradients?: boolean;
  readonly afterStep?: (step: number) => unknown;
}

async function train(
  device: Device,
  { options, batch }: TinyModel,
  { readGradients = true, afterStep = () => {} }: TrainOptions = {},
): Promise<Trained> {
  const { module, step } = stepOf(device, options);
  let params = device.put(randomWeights(module.spec)) as object;
  let state = await step.initialState(params);
  const losses: number[] = [];
  const gradients: Map<string, HostArray>[] = [];
  for (let index = 0; index < 3; index++) {
    const input = device.put<Batch>(batch);
    const rate = device.put(hostArray('float32', [], Float32Array.of(0.1))) as Scalar;
    const result = await step.summed(params, input, split(key(1), index));
    const { loss, scale, norm } = await step.measured(result);
    losses.push((await device.read(loss)).data[0]!);
    ({ params, state } = await step.update(params, state, result.gradients, { rate, scale, norm }));
    afterStep(index);
    if (readGradients) gradients.push(toNamed(await device.read(result.gradients)));
    disposeTree([result, loss, scale, norm, input, rate]);
  }
  const trained = { losses, gradients, params: toNamed<HostArray>(await device.read(params)) };
  disposeTree([params, state]);
  return trained;
}

function stepOf(device: Device, options: TinyModel['options']) {
  const module = createModel(options).module as unknown as Module<object, unknown>;
  const step = trainingStep(device, {
    loss: (params: object, { labels, ...input }: Batch, context: Context): LossSum => {
      const logits = module.apply(params, input['image'] ?? input, context);
      return softmaxCrossEntropy(logits, labels, { labelSmoothing: 0.1 });
    },
    // An epsilon of the size of the gradients: Adam's first steps would otherwise be their signs, which rounding decides near 0.
    optimiser: {
      init: (params) => adamwInit(params),
      update: (params, state, gradients, { rate, scale }) => adamw(params, state, gradients, rate, { epsilon: 0.1, scale }),
    },
  });
  return { module, step };
}

/** Random everywhere, so that no gradient vanishes as it may at initialisation. */
function randomWeights(spec: unknown): object {
  return mapTree<{ readonly shape: readonly number[] }, HostArray, unknown>(spec, ({ shape }, path) =>
    normal(pathName(path), shape, shape.length === 2 ? shape[0]! ** -0.5 : 0.5),
  ) as object;
}

/**
 * The later gradients are of parameters that differ in the last digit, and of this gMLP it is enlarged by a hundred in the
 * second step, where the gate's gradients are sums that nearly cancel: on every device they are 3e-5 apart or more.
 */
async function trainingAgrees(model: TinyModel, { device, reference }: CheckedDevice): Promise<void> {
  const [actual, expected] = [await train(device, model), await train(reference, model)];
  const losses = (values: number[]): HostArray => hostArray('float32', [values.length], Float32Array.from(values));
  expectClose(losses(actual.losses), losses(expected.losses), { name: 'losses' });
  for (const [step, gradients] of expected.gradients.entries()) {
    expectAllClose(actual.gradients[step]!, gradients, { kind: 'gradient' });
  }
  expectAllClose(actual.params, expected.params);
}

async function parametersStay({ device }: CheckedDevice): Promise<void> {
  const model = tinyModels.gMLP;
  const seen: Transfers[] = [];
  await train(device, model, { readGradients: false, afterStep: () => seen.push(device.transfers()) });
  const [before, after] = [seen.at(-2)!, seen.at(-1)!];
  if (after.toDevice.arrays === 0) return; // its memory is the host's
  const { toDevice, toHost } = movedBetween(before, after);
  const arrays = Object.values(model.batch);
  const batchBytes = arrays.reduce((sum, { data }) => sum + data.byteLength, 0);
  const words = 2; // Of stochastic depth in its one layer, a word for each sample and one for all of them.
  const within = toDevice.arrays <= arrays.length + 1 + words && toDevice.bytes <= batchBytes + 4 + words * 8;
  if (!within)
    throw new Error(`expected the batch, the rate and random words to move to the device, got ${JSON.stringify(toDevice)}`);
  if (toHost.arrays !== 1 || toHost.bytes !== 4)
    throw new Error(`expected the loss alone to be read, got ${JSON.stringify(toHost)}`);
}

/** A training loop ends with an error when the loss is no number: none may be lost on the way, as in a maximum of a softmax. */
async function noNumberIsSeen({ device }: CheckedDevice): Promise<void> {
  const { options, batch } = tinyModels.gMLP;
  const { module, step } = stepOf(device, options);
  const weights = randomWeights(module.spec);
  const names = [...toNamed<HostArray>(weights).keys()];
  const without = (name: string): object =>
    mapTree<HostArray, HostArray, object>(weights, (array, path) =>
      pathName(path) === name ? hostArray('float32', array.shape, new Float32Array(array.data.length).fill(Number.NaN)) : array,
    ) as object;
  const lossOf = async (params: object): Promise<number> => {
    const [onDevice, input] = [device.put(params) as object, device.put(batch) as unknown as Batch];
    const result = await step.summed(onDevice, input, key(1));
    const loss = (await device.read(result.sum)).data[0]!;
    disposeTree([onDevice, input, result]);
    return loss;
  };
  for (const name of [names[0]!, names[names.length >> 1]!, names.at(-1)!]) {
    const loss = await lossOf(without(name));
    if (!Number.isNaN(loss)) throw new Error(`expected no number where ${name} is none, got ${loss}`);
  }
  const loss = await lossOf(weights);
  if (!Number.isFinite(loss)) throw new Error(`expected a number where all parameters are numbers again, got ${loss}`);
}
