/** How fast a device does the two things that a training step is made of, measured in about a second. */
import { hostArray } from '@gmlp/base';
import { type Device, disposeTree } from '@gmlp/devices';
import { gelu } from '@gmlp/ops';
import * as tf from '@tensorflow/tfjs-core';

export interface MachineRates {
  /** Floating-point operations a second in products of matrices: two a multiply-add. */
  readonly flops: number;
  /** Bytes a second that element-wise work writes. */
  readonly bytes: number;
}

export interface RateShapes {
  readonly rows: number;
  readonly channels: number;
  readonly hiddenChannels: number;
}

/** Seconds for each measurement, after one call that is not counted. */
const budget = 0.5;
/** Operations of a call: enough that what it costs by itself hardly counts, and few enough for many calls. */
const operations = 1e9;
const mostRepeats = 8;

/**
 * Products `[rows, channels] x [channels, hiddenChannels]` and back, and gelus of `[rows, hiddenChannels]`. The median of many
 * calls counts: what else the machine does slows training as well.
 */
export async function machineRates(
  device: Device,
  { rows, channels, hiddenChannels }: RateShapes,
  now: () => number,
): Promise<MachineRates> {
  const pair = 4 * rows * channels * hiddenChannels; // operations of two products
  const repeats = Math.min(mostRepeats, Math.max(1, Math.round(operations / pair)));
  // Products of these stay at one.
  const array = (height: number, width: number, value: number) =>
    hostArray('float32', [height, width], new Float32Array(height * width).fill(value));
  const put = device.put({
    x: array(rows, channels, 1),
    expand: array(channels, hiddenChannels, 1 / channels),
    contract: array(hiddenChannels, channels, 1 / hiddenChannels),
    hidden: array(rows, hiddenChannels, 1),
  }) as unknown as Readonly<Record<'x' | 'expand' | 'contract' | 'hidden', tf.Tensor>>;
  const corner = (x: tf.Tensor): tf.Tensor => tf.slice(x, [0, 0], [1, 1]); // is read, so that the work is done on GPUs too
  const repeated = (x: tf.Tensor, once: (x: tf.Tensor) => tf.Tensor): tf.Tensor =>
    corner(Array.from({ length: repeats }).reduce<tf.Tensor>((value) => once(value), x));
  const products = device.compile((x: tf.Tensor, expand: tf.Tensor, contract: tf.Tensor) =>
    repeated(x, (value) => tf.matMul(tf.matMul(value, expand), contract)),
  );
  const elementwise = device.compile((x: tf.Tensor) => repeated(x, gelu));
  const usual = async (run: () => Promise<tf.Tensor>): Promise<number> => {
    const times: number[] = [];
    for (let round = 0, total = 0; round < 3 || total < budget; round++) {
      const start = now();
      const result = await run();
      await device.read(result);
      const seconds = now() - start;
      if (round > 0) times.push(seconds);
      total += seconds;
      disposeTree(result);
    }
    return times.sort((x, y) => x - y)[Math.floor(times.length / 2)]!;
  };
  try {
    return {
      flops: (repeats * pair) / (await usual(() => products(put.x, put.expand, put.contract))),
      bytes: (repeats * 4 * rows * hiddenChannels) / (await usual(() => elementwise(put.hidden))),
    };
  } finally {
    disposeTree(put);
    await Promise.all([products, elementwise].map((each) => each.dispose()));
  }
}
