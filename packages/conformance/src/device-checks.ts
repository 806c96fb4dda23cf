/**
 * What every device is held to, as a plain list: for Node's test runner and for a page in a browser alike. No `node:` module
 * and no test runner is imported here. Each check is against TF.js's cpu backend, with shapes so small that a GPU played by
 * software is quick enough.
 */
import { GmlpError, type HostArray, hostArray, type Key, key, mapTree, pathName, split } from '@gmlp/base';
import type { Device, Moved, Transfers } from '@gmlp/devices';
import { toNamed } from '@gmlp/layers';
import { createModel } from '@gmlp/models';
import { adamw, adamwInit, dropout, softmaxCrossEntropy } from '@gmlp/ops';
import { expectAllClose, expectClose, largestMagnitude } from '@gmlp/testing/closeness';
import { disposeTree, type LossSum, trainingStep } from '@gmlp/training';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { ints, normal } from './host-inputs.ts';
import { differentiable, opCases } from './op-cases.ts';
import { runOnce, valueAndGradients } from './run-once.ts';

export interface CheckedDevice {
  readonly device: Device;
  /** The device `tfjs-cpu`. */
  readonly reference: Device;
  /** Opens another device of the same kind. */
  readonly openAnother: () => Promise<Device>;
}

export interface DeviceCheck {
  readonly name: string;
  /** Throws what does not hold. */
  run(on: CheckedDevice): Promise<void>;
}

export const deviceChecks: readonly DeviceCheck[] = [
  ...Object.keys(opCases).map((name) => check(`${name}: value and gradients`, (on) => opAgrees(name, on))),
  check('two training steps with AdamW', trainingAgrees),
  check('a step moves its batch and its loss, not the parameters', parametersStay),
  check('one key gives the same bits everywhere', keysAgree),
  check('memory is flat over calls', memoryIsFlat),
  check('donated tensors and closed devices are refused', refusals),
];

function check(name: string, body: (on: CheckedDevice) => Promise<void>): DeviceCheck {
  return {
    name,
    async run(on) {
      const before = tf.memory().numTensors;
      await body(on);
      const left = tf.memory().numTensors - before;
      if (left !== 0) throw new Error(`expected no tensor left behind, got ${left}`);
    },
  };
}

const sizes = { batch: 2, tokens: 3, channels: 4, outputs: 5 };

async function opAgrees(name: string, { device, reference }: CheckedDevice): Promise<void> {
  const op = opCases[name]!(sizes);
  const fn = valueAndGradients(op.fn, differentiable(op));
  const [value] = await runOnce(
    reference,
    reference.compile((...inputs: Tensor[]) => [op.fn(...inputs)]),
    op.inputs,
  );
  const inputs = [...op.inputs, normal('direction', value!.shape)];
  const expected = await runOnce(reference, reference.compile(fn), inputs);
  const actual = await runOnce(device, device.compile(fn), inputs);
  const largest = largestMagnitude(expected.slice(1));
  expectClose(actual[0]!, expected[0]!, { name: 'value' });
  for (let i = 1; i < expected.length; i++) {
    expectClose(actual[i]!, expected[i]!, { kind: 'gradient', largest, name: `gradient ${i}` });
  }
}

const options = {
  family: 'gmlp-language',
  vocabulary: 13,
  tokens: 6,
  channels: 8,
  hiddenChannels: 12,
  layers: 1,
  survivalProbability: 0.6,
  head: { transform: true },
} as const;
const { module } = createModel(options);
type P = Parameters<typeof module.apply>[0];

/** Random everywhere, so that no gradient vanishes as it may at initialisation. */
const weights = mapTree<{ shape: readonly number[] }, HostArray, typeof module.spec>(module.spec, ({ shape }, path) =>
  normal(pathName(path), shape, shape.length === 2 ? shape[0]! ** -0.5 : 0.5),
);
const batch = {
  ids: ints([3, 6], [0, 5, 12, 3, 3, 7, 1, 1, 2, 9, 11, 4, 6, 8, 10, 0, 5, 2]),
  positions: ints([3, 2], [0, 4, 1, 2, 5, 3]),
  labels: ints([3, 2], [1, 12, -100, 7, 0, 3]),
};

function stepOn(device: Device) {
  return trainingStep(device, {
    loss: (params: P, { labels, ...input }: Batch, k: Key): LossSum =>
      softmaxCrossEntropy(module.apply(params, input, { key: k, training: true }), labels, { labelSmoothing: 0.1 }),
    // An epsilon of the size of the gradients: Adam's first steps would otherwise be their signs, which rounding decides near 0.
    optimiser: { init: (params: P) => adamwInit(params), update: (...args) => adamw(...args, { epsilon: 0.1 }) },
  });
}
type Batch = { [Name in keyof typeof batch]: Tensor };

const scalar = (device: Device, value: number): Scalar => device.put(hostArray('float32', [], Float32Array.of(value))) as Scalar;

interface Trained {
  readonly losses: number[];
  /** Of the first step. */
  readonly gradients: Map<string, HostArray>;
  readonly params: Map<string, HostArray>;
}

/** As a training loop does it: of each step only the loss is read. */
async function train(device: Device, steps: number, afterStep: (step: number) => unknown = () => {}): Promise<Trained> {
  const step = stepOn(device);
  let params = device.put(weights) as P;
  let state = await step.initialState(params);
  const losses: number[] = [];
  let gradients = new Map<string, HostArray>();
  for (let index = 0; index < steps; index++) {
    const input = device.put(batch) as Batch;
    const rate = scalar(device, 0.1);
    const result = await step.lossAndGradients(params, input, split(key(1), index));
    losses.push((await device.read(result.loss)).data[0]!);
    ({ params, state } = await step.update(params, state, result.gradients, rate));
    afterStep(index);
    if (index === 0) gradients = toNamed(await device.read(result.gradients));
    disposeTree([result, input, rate]);
  }
  const trained = { losses, gradients, params: toNamed<HostArray>(await device.read(params)) };
  disposeTree([params, state]);
  return trained;
}

async function trainingAgrees({ device, reference }: CheckedDevice): Promise<void> {
  const [actual, expected] = [await train(device, 2), await train(reference, 2)];
  const losses = (values: number[]): HostArray => hostArray('float32', [values.length], Float32Array.from(values));
  expectClose(losses(actual.losses), losses(expected.losses), { name: 'losses' });
  expectAllClose(actual.gradients, expected.gradients, { kind: 'gradient' });
  expectAllClose(actual.params, expected.params);
}

async function parametersStay({ device }: CheckedDevice): Promise<void> {
  const seen: Transfers[] = [];
  await train(device, 3, () => seen.push(device.transfers()));
  const [before, after] = [seen.at(-2)!, seen.at(-1)!];
  if (after.toDevice.arrays === 0) return; // its memory is the host's
  const [toDevice, toHost] = (['toDevice', 'toHost'] as const).map((way) => ({
    arrays: after[way].arrays - before[way].arrays,
    bytes: after[way].bytes - before[way].bytes,
  })) as [Moved, Moved];
  const batchBytes = Object.values(batch).reduce((sum, { data }) => sum + data.byteLength, 0);
  // Of stochastic depth, a word for each sample and one for all of them.
  const words = 2 * options.layers;
  const within = toDevice.arrays <= 4 + words && toDevice.bytes <= batchBytes + 4 + words * 8;
  if (!within)
    throw new Error(`expected the batch, the rate and random words to move to the device, got ${JSON.stringify(toDevice)}`);
  if (toHost.arrays !== 1 || toHost.bytes !== 4)
    throw new Error(`expected the loss alone to be read, got ${JSON.stringify(toHost)}`);
}

async function keysAgree({ device, reference }: CheckedDevice): Promise<void> {
  const ones = hostArray('float32', [6, 11], new Float32Array(66).fill(1));
  const draw = async (on: Device, run: (x: Tensor, source: Key) => Promise<Tensor>, seed: number): Promise<string> => {
    const x = on.put(ones) as Tensor;
    const result = await run(x, key(seed));
    const { data } = (await on.read(result)) as HostArray;
    tf.dispose([x, result]);
    return Array.from(data).join();
  };
  const masked = (x: Tensor, source: Key): Tensor => dropout(x, 0.5, split(source, 'here'));
  const [run, expected] = [device.compile(masked), reference.compile(masked)];
  const draws: string[] = [];
  for (const seed of [1, 2, 1]) {
    draws.push(await draw(device, run, seed));
    const right = await draw(reference, expected, seed);
    if (draws.at(-1) !== right) throw new Error(`seed ${seed}: expected the mask ${right}, got ${draws.at(-1)}`);
  }
  if (draws[0] === draws[1]) throw new Error('expected another mask for another key');
}

async function memoryIsFlat({ device }: CheckedDevice): Promise<void> {
  const run = device.compile((x: Tensor) => tf.grad((value: Tensor) => tf.sum(tf.square(value)))(x), { donate: [0] });
  let x = device.put(normal('x', [100])) as Tensor;
  x = await run(x);
  const before = tf.memory();
  for (let call = 0; call < 50; call++) x = await run(x);
  const { numTensors, numBytes, numDataBuffers } = tf.memory();
  x.dispose();
  const grown = [numTensors - before.numTensors, numBytes - before.numBytes, numDataBuffers - before.numDataBuffers];
  if (grown.some((count) => count !== 0)) throw new Error(`expected flat memory, got ${grown} more tensors, bytes, buffers`);
}

async function refusals({ openAnother }: CheckedDevice): Promise<void> {
  const other = await openAnother();
  const negate = other.compile((x: Tensor) => tf.neg(x), { donate: [0] });
  const x = other.put(normal('x', [3])) as Tensor;
  const y = await negate(x);
  await expectDisposed('a donated tensor', negate(x));
  await other.dispose();
  await other.dispose();
  await expectDisposed('a call of a closed device', negate(y));
  await expectDisposed('a tensor of a closed device', (async () => other.put(normal('x', [3])))());
  y.dispose();
}

async function expectDisposed(what: string, job: Promise<unknown>): Promise<void> {
  const error = await job.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!GmlpError.isInstance(error) || error.code !== 'disposed')
    throw new Error(`${what}: expected the error disposed, got ${error}`);
}
