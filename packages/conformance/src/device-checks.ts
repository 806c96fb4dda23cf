/**
 * What every device is held to, as a plain list: for Node's test runner and for a page in a browser alike. No `node:` module
 * and no test runner is imported here. Each check is against TF.js's cpu backend, with shapes so small that a GPU played by
 * software is quick enough.
 */
import { GmlpError, hostArray, type Key, key, split } from '@gmlp/base';
import type { Device } from '@gmlp/devices';
import { dropout, softmaxCrossEntropy } from '@gmlp/ops';
import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { CheckedDevice } from './checked-device.ts';
import { ints, normal } from './host-inputs.ts';
import { opCases } from './op-cases.ts';
import { type OpErrors, opErrors } from './op-errors.ts';
import { sumsHaveOneOrder } from './sums-have-one-order.ts';
import { trainingChecks } from './training-checks.ts';

export interface DeviceCheck {
  readonly name: string;
  /** Throws what does not hold. The check of an op hands on what it measured: a row of the table of support. */
  run(on: CheckedDevice, record?: (errors: OpErrors) => void): Promise<void>;
}

export const deviceChecks: readonly DeviceCheck[] = [
  ...Object.keys(opCases).map((name) =>
    check(`${name}: value and gradients`, async (on, record) => {
      const errors = await opErrors(name, on);
      record?.(errors);
    }),
  ),
  ...trainingChecks.map(({ name, run }) => check(name, run)),
  check('one key gives the same bits everywhere', keysAgree),
  check('an ignored row of a loss adds nothing, whatever it holds', ignoredRows),
  check('labels of no class are refused', foreignLabels),
  check('five calls give the same bits, those of float64 sums but for rounding', sumsHaveOneOrder),
  check('memory is flat over calls', memoryIsFlat),
  check('donated tensors and closed devices are refused', refusals),
];

function check(name: string, run: DeviceCheck['run']): DeviceCheck {
  return {
    name,
    async run(on, record) {
      const before = tf.memory().numTensors;
      await run(on, record);
      const left = tf.memory().numTensors - before;
      if (left !== 0) throw new Error(`expected no tensor left behind, got ${left}`);
    },
  };
}

async function keysAgree({ device, reference }: CheckedDevice): Promise<void> {
  const ones = hostArray('float32', [6, 11], new Float32Array(66).fill(1));
  const draw = async (on: Device, run: (x: Tensor, source: Key) => Promise<Tensor>, seed: number): Promise<string> => {
    const x = on.put(ones) as Tensor;
    const result = await run(x, key(seed));
    const { data } = await on.read(result);
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

const lossAndGradient =
  (labelSmoothing: number) =>
  (logits: Tensor, labels: Tensor): Tensor => {
    const loss = (z: Tensor): tf.Scalar => softmaxCrossEntropy(z, labels, { labelSmoothing }).sum;
    return tf.concat([tf.reshape(loss(logits), [1]), tf.reshape(tf.grad(loss)(logits), [6])]);
  };

async function ignoredRows({ device }: CheckedDevice): Promise<void> {
  const labels = device.put(ints([2], [-100, 2])) as Tensor;
  for (const [labelSmoothing, loss] of [
    [0, 0.2395448],
    [0.1, 0.3728781],
  ] as const) {
    const run = device.compile(lossAndGradient(labelSmoothing));
    for (const row of [
      [Number.NEGATIVE_INFINITY, 2, -1],
      [Number.NaN, Number.NaN, Number.NaN],
      [Number.POSITIVE_INFINITY, 0, Number.NEGATIVE_INFINITY],
    ]) {
      const logits = device.put(hostArray('float32', [2, 3], Float32Array.of(...row, 1, 1, 3))) as Tensor;
      const result = await run(logits, labels);
      const [value, ...gradient] = (await device.read(result)).data as Float32Array;
      tf.dispose([logits, result]);
      if (!(Math.abs(value! - loss) < 1e-5)) throw new Error(`row ${row}: expected the loss ${loss}, got ${value}`);
      const [ignored, counted] = [gradient.slice(0, 3), gradient.slice(3)];
      if (!ignored.every((each) => each === 0)) throw new Error(`row ${row}: expected no gradient, got ${ignored}`);
      if (!(counted[2]! < -0.1)) throw new Error(`row ${row}: expected a gradient of the counted row, got ${counted}`);
    }
  }
  labels.dispose();
}

async function foreignLabels({ device }: CheckedDevice): Promise<void> {
  const run = device.compile(lossAndGradient(0));
  const logits = device.put(normal('logits', [2, 3])) as Tensor;
  for (const label of [-1, 3, 300, 2]) {
    const labels = device.put(ints([2], [-100, label])) as Tensor;
    const result = await run(logits, labels).catch((reason: unknown) => reason);
    tf.dispose(labels);
    if (label === 2) {
      tf.dispose(result as Tensor);
      continue;
    }
    const message = `expected labels from 0 to 2, or -100 for what does not count, got ${label} at element 1`;
    if (!GmlpError.isInstance(result) || result.code !== 'invalid-data' || !result.message.includes(message))
      throw new Error(`label ${label}: expected the error "${message}", got ${result}`);
  }
  logits.dispose();
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
