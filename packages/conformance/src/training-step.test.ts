/**
 * A whole training step of a small gMLP, compiled and on wasm, against TF.js's cpu backend: loss, every gradient, and the
 * parameters after steps of SGD with momentum, with stochastic depth drawn from the key.
 */
import { type HostArray, hostArray, key, mapTree, pathName, randomWords, split } from '@gmlp/base';
import { disposeTree } from '@gmlp/devices';
import type { Device } from '@gmlp/devices/node';
import { toNamed } from '@gmlp/layers';
import { createModel, type OptionsOf } from '@gmlp/models';
import { softmaxCrossEntropy } from '@gmlp/ops';
import { expectAllClose, expectClose } from '@gmlp/testing';
import { type LossSum, sgdOptimiser, trainingStep } from '@gmlp/training';
import type * as tf from '@tensorflow/tfjs-core';
import { ints, normal, onEveryDevice, device as openOnce } from './on-every-device.ts';

const sizes = { family: 'gmlp-language', vocabulary: 19, tokens: 8, channels: 12, hiddenChannels: 20, layers: 3 } as const;
const configs: Record<string, OptionsOf<'gmlp-language'>> = {
  'Toeplitz, split, tied head with transform, stochastic depth': {
    ...sizes,
    survivalProbability: 0.6,
    head: { transform: true },
  },
  'dense, multiplicative, untied head, tanh': {
    ...sizes,
    gate: 'multiplicative',
    spatialWeight: 'dense',
    activation: 'tanh',
    head: { tied: false },
  },
  'Toeplitz, causal': { ...sizes, causal: true },
};

const drawInts = (name: string, shape: [number, number], below: number): HostArray<'int32'> =>
  ints(
    shape,
    Array.from(randomWords(split(key(5), name), shape[0] * shape[1]), (word) => word % below),
  );

interface StepResult {
  readonly loss: HostArray;
  readonly gradients: Map<string, HostArray>;
  readonly updated: Map<string, HostArray>;
}

async function threeSteps(device: Device, config: OptionsOf<'gmlp-language'>): Promise<StepResult[]> {
  const { module } = createModel(config);
  type P = Parameters<typeof module.apply>[0];
  // Random everywhere, so that no gradient vanishes as it may at initialisation.
  const weights = mapTree<{ shape: readonly number[] }, HostArray, typeof module.spec>(module.spec, ({ shape }, path) =>
    normal(pathName(path), shape, shape.length === 2 ? shape[0]! ** -0.5 : 0.5),
  );
  const labels = drawInts('labels', [4, 3], sizes.vocabulary);
  labels.data[7] = -100;
  const batch = device.put({
    ids: drawInts('ids', [4, sizes.tokens], sizes.vocabulary),
    positions: drawInts('positions', [4, 3], sizes.tokens),
    labels,
  });
  const step = trainingStep(device, {
    loss: (params: P, { labels, ...input }: typeof batch, context): LossSum =>
      softmaxCrossEntropy(module.apply(params, input, context), labels),
    optimiser: sgdOptimiser<P>({ momentum: 0.9 }),
  });
  let params = device.put(weights) as P;
  let state = await step.initialState(params);
  const rate = device.put(hostArray('float32', [], Float32Array.of(0.1))) as tf.Scalar;
  const results: StepResult[] = [];
  for (let index = 0; index < 3; index++) {
    const result = await step.summed(params, batch, split(key(1), index));
    const measured = await step.measured(result);
    const { loss, gradients } = (await device.read({ loss: measured.loss, gradients: result.gradients })) as unknown as {
      loss: HostArray;
      gradients: unknown;
    };
    ({ params, state } = await step.update(params, state, result.gradients, { rate, ...measured }));
    results.push({ loss, gradients: toNamed(gradients), updated: toNamed(await device.read(params)) });
    disposeTree([result, measured]);
  }
  disposeTree([params, state, batch, rate]);
  return results;
}

for (const [name, config] of Object.entries(configs)) {
  onEveryDevice(`three steps: ${name}`, async (device) => {
    const expected = await threeSteps(await openOnce('tfjs-cpu'), config);
    const actual = await threeSteps(device, config);
    expected.forEach((step, index) => {
      expectClose(actual[index]!.loss, step.loss, { name: `loss of step ${index}` });
      expectAllClose(actual[index]!.gradients, step.gradients, { kind: 'gradient' });
      expectAllClose(actual[index]!.updated, step.updated);
    });
  });
}
