/**
 * `pnpm test:bits`: every call gives the same bits, at sizes where ONNX Runtime's threads really share the work: all ops with their
 * gradients at 16 x 128 tokens of 512 channels, and loss and gradients of a model of each family as wide as the paper's. Each with
 * 1, 2 and 4 threads, against TF.js's cpu backend. What depends on the number of threads is said, and listed at the end. `-t mixer_mlm_18`
 * takes one model: all of them take more than an hour on two cores.
 */
import { createHash } from 'node:crypto';
import type { HostArray } from '@gmlp/base';
import { disposeTree } from '@gmlp/devices';
import { compiledDevice, type Device, openDevice, ortCpu } from '@gmlp/devices/node';
import { toNamed } from '@gmlp/layers';
import { expectAllClose, expectClose } from '@gmlp/testing';
import type { Tensor } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { normal } from './host-inputs.ts';
import { differentiable, opCases } from './op-cases.ts';
import { valueAndGradients } from './run-once.ts';
import { wideModel, wideModels } from './wide-models.ts';

const calls = Number(process.env['GMLP_SAME_BITS_CALLS'] ?? 100);
const threadCounts = [1, 2, 4] as const;
const sizes = { batch: 16, tokens: 128, channels: 512, outputs: 512 };

let reference: Device;
const devices: { readonly threads: number; readonly device: Device }[] = [];
/** What gave other bits with another number of threads. */
const dependsOnThreads: string[] = [];

beforeAll(async () => {
  reference = await openDevice('tfjs-cpu');
  for (const threads of threadCounts) {
    const runtime = await ortCpu({ threads });
    // Small graphs too are given all threads.
    const shared = { ...runtime, session: (model: Uint8Array) => runtime.session(model, Number.POSITIVE_INFINITY) };
    devices.push({ threads, device: compiledDevice('ort-cpu', shared) });
  }
});
afterAll(async () => {
  for (const device of [reference, ...devices.map(({ device }) => device)]) await device.dispose();
  console.log(`other bits with another number of threads: ${dependsOnThreads.join(', ') || 'nothing'}`);
});

type Named = ReadonlyMap<string, HostArray>;

const bitsOf = (arrays: Named): string => {
  const hash = createHash('sha256');
  for (const { data } of arrays.values()) hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  return hash.digest('hex');
};

/** `run` makes the results of one call on a device. Gives those of one thread. */
async function expectSameBits(name: string, prepare: (device: Device) => Promise<() => Promise<Named>>): Promise<Named> {
  const byThreads = new Map<number, string>();
  let results: Named | undefined;
  for (const { threads, device } of devices) {
    const run = await prepare(device);
    const seen = new Map<string, number>();
    for (let call = 0; call < calls; call++) {
      const result = await run();
      results ??= result;
      const bits = bitsOf(result);
      seen.set(bits, (seen.get(bits) ?? 0) + 1);
    }
    expect([...seen.values()], `calls by their bits, ${threads} threads`).toEqual([calls]);
    byThreads.set(threads, [...seen.keys()][0]!);
  }
  if (new Set(byThreads.values()).size > 1) {
    dependsOnThreads.push(name);
    console.log(`${name} has other bits with another number of threads`); // at once: all of it takes more than an hour
  }
  return results!;
}

describe('ops', () => {
  it.each(Object.keys(opCases))('%s', { timeout: 1_200_000 }, async (name) => {
    const op = opCases[name]!(sizes);
    const prepareOn = async (device: Device): Promise<() => Promise<Named>> => {
      const inputs = device.put([...op.inputs]) as Tensor[];
      const [value] = await device.compile((...given: Tensor[]) => [op.fn(...given)])(...inputs);
      const direction = device.put(normal('direction', value!.shape)) as Tensor;
      const compiled = device.compile(valueAndGradients(op.fn, differentiable(op)));
      return async () => {
        const results = await compiled(...inputs, direction);
        const read = await device.read(results);
        disposeTree(results);
        return new Map(read.map((array, index) => [index === 0 ? 'value' : `gradient ${index}`, array]));
      };
    };
    const actual = await expectSameBits(name, prepareOn);
    const expected = await (await prepareOn(reference))();
    expectClose(actual.get('value')!, expected.get('value')!, { name: 'value', kind: 'gradient' });
    const gradients = (from: Named): Named => new Map([...from].filter(([at]) => at !== 'value'));
    expectAllClose(gradients(actual), gradients(expected), { kind: 'gradient' });
  });
});

describe('loss and gradients', () => {
  it.each(wideModels)('%s', { timeout: 3_600_000 }, async (name) => {
    const { parameters, inputs, step } = wideModel(name);
    const prepareOn = async (device: Device): Promise<() => Promise<Named>> => {
      const params = device.put(parameters) as object;
      const given = device.put<Record<string, Tensor>>(inputs);
      const compiled = device.compile(step);
      return async () => {
        const result = await compiled(params, given);
        const { loss, gradients } = await device.read(result);
        disposeTree(result);
        return new Map([['loss', loss], ...toNamed<HostArray>(gradients as never)]);
      };
    };
    const actual = await expectSameBits(name, prepareOn);
    const expected = await (await prepareOn(reference))();
    expectAllClose(actual, expected, { kind: 'gradient' });
  });
});
