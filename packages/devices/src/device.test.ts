/** The contract of a device, on each that works here. */
import { hostArray, key, split } from '@gmlp/base';
import { adamw, adamwInit, dropout } from '@gmlp/ops';
import { skippedWithoutVulkan, vulkan } from '@gmlp/testing';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Device } from './device.ts';
import { type DeviceName, openDevice } from './node/index.ts';

const vector = (...values: number[]) => hostArray('float32', [values.length], Float32Array.from(values));
const scalar = (value: number) => hostArray('float32', [], Float32Array.of(value));

const onCpu: DeviceName[] = ['ort-cpu', 'tfjs-wasm', 'tfjs-cpu'];
const onGpu: DeviceName[] = ['ort-webgpu', 'tfjs-webgpu'];
if (!vulkan) test.skip(`${onGpu.join(' and ')} ${skippedWithoutVulkan}`);

describe.each(vulkan ? [...onCpu, ...onGpu] : onCpu)('%s', (name) => {
  let device: Device;
  beforeAll(async () => {
    device = await openDevice(name);
  });
  afterAll(() => device.dispose());

  test('computes, keeps structures, and leaves inputs and other backends alone', async () => {
    await tf.setBackend('cpu');
    const before = tf.memory().numTensors;
    const run = device.compile((x: { a: tf.Tensor; b: tf.Tensor[] }) => ({ sum: tf.add(x.a, x.b[0]!), twice: [tf.mul(x.a, 2)] }));
    const x = device.put({ a: vector(1, 2), b: [vector(10, 20)] });
    const result = await run(x);
    const { sum, twice } = await device.read(result);
    expect([[...sum.data], [...twice[0]!.data]]).toEqual([
      [11, 22],
      [2, 4],
    ]);
    expect([...(await device.read(x.a)).data]).toEqual([1, 2]);
    expect(tf.getBackend()).toBe('cpu');
    tf.dispose([x, result] as tf.TensorContainer);
    expect(tf.memory().numTensors).toBe(before);
  });

  test('put copies: changing the host array afterwards changes nothing', async () => {
    const host = vector(1, 2, 3);
    const tensor = device.put(host);
    host.data[0] = 99;
    expect([...(await device.read(tensor)).data]).toEqual([1, 2, 3]);
    const copy = await device.read(tensor);
    copy.data[1] = 99;
    expect([...(await device.read(tensor)).data]).toEqual([1, 2, 3]);
    tensor.dispose();
  });

  test('takes tensors of another backend', async () => {
    const foreign = tf.tensor1d([1, 2, 3]);
    const result = await device.compile((x: tf.Tensor) => tf.neg(x))(foreign);
    expect([...(await device.read(result)).data]).toEqual([-1, -2, -3]);
    tf.dispose([foreign, result]);
  });

  test('a result that is an argument, a constant or given twice is a tensor of its own', async () => {
    const constant = tf.tensor1d([7]);
    const run = device.compile((x: tf.Tensor) => {
      const y = tf.neg(x);
      return [x, y, y, constant];
    });
    const x = device.put(vector(5));
    const results = await run(x);
    expect((await device.read(results)).map(({ data }) => data[0])).toEqual([5, -5, -5, 7]);
    results[0]!.dispose();
    results[1]!.dispose();
    results[3]!.dispose();
    expect(constant.isDisposed).toBe(false);
    expect([...(await device.read(results[2]!)).data]).toEqual([-5]);
    expect([...(await device.read(x)).data]).toEqual([5]);
    tf.dispose([x, results, constant]);
  });

  test('donated tensors are consumed; what was not donated is not touched by an update in place', async () => {
    type P = { w: tf.Tensor; b: tf.Tensor };
    const update = (params: P, state: ReturnType<typeof adamwInit<P>>, gradients: P, rate: tf.Scalar) =>
      adamw(params, state, gradients, rate);
    const state = async (params: P) => device.compile((p: P) => adamwInit(p))(params);
    const start = () => device.put({ w: vector(1, 2), b: vector(3) }) as P;
    const gradients = device.put({ w: vector(1, -1), b: vector(0.5) }) as P;
    const rate = device.put(scalar(0.1)) as tf.Scalar;

    const kept = start();
    const keptState = await state(kept);
    const pure = await device.compile(update)(kept, keptState, gradients, rate);
    expect([...(await device.read(kept.w)).data]).toEqual([1, 2]);
    expect([...(await device.read(keptState.mean.w)).data]).toEqual([0, 0]);

    const given = start();
    const givenState = await state(given);
    const donated = await device.compile(update, { donate: [0, 1] })(given, givenState, gradients, rate);
    const values = async (tree: typeof pure) =>
      Object.values((await device.read(tree.params)) as object).map(({ data }) => [...data]);
    expect(await values(donated)).toEqual(await values(pure));
    expect(given.w.isDisposed && givenState.mean.b.isDisposed).toBe(true);
    await expect(device.compile((x: tf.Tensor) => x)(given.w)).rejects.toThrow('disposed or donated');
    tf.dispose([kept, keptState, pure, donated, gradients, rate] as tf.TensorContainer);
  });

  test('one array donated twice, or a clone of it kept, is not overwritten under the other', async () => {
    const tensor = device.put(vector(1, 2)) as tf.Tensor;
    const rest = device.put({ g: vector(1, 1), zero: vector(0, 0), rate: scalar(0.1) });
    const params = { a: tensor, b: tensor };
    const state = {
      step: device.put(scalar(0)) as tf.Scalar,
      mean: { a: rest.zero, b: rest.zero },
      variance: { a: rest.zero, b: rest.zero },
    };
    const update = device.compile(
      (p: typeof params, s: typeof state, g: typeof params, rate: tf.Scalar) => adamw(p, s, g, rate),
      {
        donate: [0],
      },
    );
    const next = await update(params, state, { a: rest.g, b: rest.g }, rest.rate as tf.Scalar);
    const read = await device.read(next.params);
    expect([...read.a.data]).toEqual([...read.b.data]);
    // The first step of AdamW moves by the rate, after the decay: both from the values before, neither from the other's.
    const expected = [1, 2].map((value) => value * (1 - 0.1 * 0.01) - 0.1);
    for (const [i, value] of [...read.a.data].entries()) expect(value).toBeCloseTo(expected[i]!, 4);
    expect([...(await device.read(rest.zero)).data]).toEqual([0, 0]);
    tf.dispose([next, state, rest] as tf.TensorContainer);
  });

  test('what hands an argument through, or reads a donated one twice, sees no update in place', async () => {
    type Leaf = { w: tf.Tensor };
    type State = ReturnType<typeof adamwInit<Leaf>>;
    const update = (params: Leaf, state: State, g: Leaf, rate: tf.Scalar) => adamw(params, state, g, rate).params;
    const start = device.compile((x: Leaf) => adamwInit(x));
    const through = device.compile((x: Leaf) => ({ w: tf.clone(x.w) }));
    const inPlace = device.compile(update, { donate: [0, 1] });
    const both = device.compile(
      (p: Leaf, state: State, g: Leaf, rate: tf.Scalar) => [update(p, state, g, rate), { w: tf.clone(p.w) }],
      { donate: [0, 1] },
    );
    const kept = device.put({ w: vector(1, 2) }) as Leaf;
    const g = device.put({ w: vector(1, 1) }) as Leaf;
    const rate = device.put(scalar(0.1)) as tf.Scalar;
    const results = [await inPlace(await through(kept), await start(kept), g, rate)];
    expect([...(await device.read(kept.w)).data]).toEqual([1, 2]);
    results.push(...(await both(await through(kept), await start(kept), g, rate)));
    expect([...(await device.read(results[2]!.w)).data]).toEqual([1, 2]);
    expect([...(await device.read(results[1]!.w)).data]).toEqual([...(await device.read(results[0]!.w)).data]);
    expect((await device.read(results[0]!.w)).data[0]).toBeCloseTo(0.899, 4);
    tf.dispose([kept, g, rate, results] as tf.TensorContainer);
  });

  test('keys are arguments: one compiled function draws differently for each', async () => {
    const x = device.put(hostArray('float32', [64], new Float32Array(64).fill(1)));
    const run = device.compile((input: tf.Tensor, source: ReturnType<typeof key>) => dropout(input, 0.5, split(source, 'x')));
    const draws = [];
    for (const seed of [1, 2, 1]) {
      const result = await run(x, key(seed));
      draws.push([...(await device.read(result)).data].join());
      result.dispose();
    }
    expect(draws[0]).toBe(draws[2]);
    expect(draws[0]).not.toBe(draws[1]);
    x.dispose();
  });

  test('calls run in order, and one that fails does not stop the next', async () => {
    const order: number[] = [];
    const good = device.compile((x: tf.Tensor) => tf.add(x, 1));
    const bad = device.compile((x: tf.Tensor) => tf.reshape(x, [3]));
    const note = (call: Promise<tf.Tensor>, number: number) => call.finally(() => order.push(number));
    const x = device.put(vector(1, 2));
    const failing = expect(note(bad(x), 0)).rejects.toThrow(/reshape|Size\(2\)/);
    const [a, b] = await Promise.all([note(good(x), 1), note(good(x), 2)]);
    await failing;
    expect(order.filter((entry) => entry > 0)).toEqual([1, 2]);
    tf.dispose([x, a, b]);
  });

  test('numbers are refused, and so are promises', async () => {
    const x = device.put(vector(1));
    await expect(device.compile((input: tf.Tensor, rate: number) => tf.mul(input, rate))(x, 0.1)).rejects.toThrow(
      'argument 1 must be a tensor or a key, got number 0.1',
    );
    await expect(device.compile(async (input: tf.Tensor) => input)(x)).rejects.toThrow('must be synchronous');
    x.dispose();
  });

  test('a function that returns a failing promise is refused, and the promise is not left to fail', async () => {
    const left: unknown[] = [];
    const note = (reason: unknown) => left.push(reason);
    process.on('unhandledRejection', note);
    const x = device.put(vector(1));
    const failing = async (input: tf.Tensor): Promise<tf.Tensor> => {
      await Promise.resolve();
      throw new Error(`failed for ${input.dtype}`);
    };
    await expect(device.compile(failing)(x)).rejects.toThrow('must be synchronous');
    await new Promise((resolve) => setTimeout(resolve, 10));
    process.off('unhandledRejection', note);
    expect(left).toEqual([]);
    x.dispose();
  });

  test('arguments of another structure are another trace', async () => {
    const run = device.compile((x: { a?: { b: tf.Tensor }; 'a.b'?: tf.Tensor; rest?: tf.Tensor[] }) =>
      x.a ? (x.rest ? tf.neg(x.a.b) : tf.clone(x.a.b)) : tf.mul(x['a.b']!, 2),
    );
    const b = device.put(vector(3)) as tf.Tensor;
    for (const [argument, expected] of [
      [{ a: { b } }, 3],
      [{ 'a.b': b }, 6],
      [{ a: { b }, rest: [] }, -3],
    ] as const) {
      const result = await run(argument as Parameters<typeof run>[0]);
      expect((await device.read(result)).data[0]).toBe(expected);
      result.dispose();
    }
    b.dispose();
  });

  test('what happens to arguments after a call does not matter to it', async () => {
    const run = device.compile((x: tf.Tensor) => tf.neg(x), { donate: [0] });
    const [x, y] = [device.put(vector(1)), device.put(vector(2))] as [tf.Tensor, tf.Tensor];
    const calls = [device.compile((value: tf.Tensor) => tf.neg(value))(x), run(y)];
    x.dispose();
    await expect(run(y)).rejects.toThrow('disposed or donated');
    const results = await Promise.all(calls);
    expect((await device.read(results)).map(({ data }) => data[0])).toEqual([-1, -2]);
    tf.dispose(results);
  });

  test('a result that is no tensor is refused', async () => {
    const x = device.put(vector(1));
    const run = device.compile((value: tf.Tensor) => ({ value, count: 3 }));
    await expect(run(x)).rejects.toThrow('must return tensors, got number at count');
    x.dispose();
  });

  test('a closed device takes nothing, and closing twice is once', async () => {
    const other = await openDevice(name);
    const run = other.compile((x: tf.Tensor) => tf.neg(x), { donate: [0] });
    const first = other.put(vector(1));
    (await run(first)).dispose();
    await other.dispose();
    await other.dispose();
    const x = device.put(vector(1));
    await expect(run(x)).rejects.toThrow('it was disposed');
    expect(x.isDisposed).toBe(false);
    expect(() => other.put(vector(1))).toThrow('it was disposed');
    x.dispose();
  });

  test('another shape is another trace, and a function may be called with both', async () => {
    const run = device.compile((x: tf.Tensor) => tf.sum(x));
    for (const values of [
      [1, 2],
      [1, 2, 3],
      [4, 5],
    ]) {
      const x = device.put(vector(...values));
      const total = await run(x);
      expect((await device.read(total)).data[0]).toBe(values.reduce((sum, value) => sum + value));
      tf.dispose([x, total]);
    }
  });

  test('memory is flat over 200 calls', async () => {
    const run = device.compile((x: tf.Tensor) => tf.grad((value: tf.Tensor) => tf.sum(tf.square(value)))(x));
    let x = device.put(hostArray('float32', [1000], new Float32Array(1000).fill(1))) as tf.Tensor;
    const before = tf.memory();
    for (let call = 0; call < 200; call++) {
      const next = await run(x);
      x.dispose();
      x = next;
    }
    expect([tf.memory().numTensors, tf.memory().numBytes]).toEqual([before.numTensors, before.numBytes]);
    x.dispose();
  });
});

test('two open devices work side by side, and a closed one says so', async () => {
  const [one, two] = [await openDevice('ort-cpu'), await openDevice('ort-cpu')];
  const x = one.put(vector(1, 2));
  const y = await two.compile((value: tf.Tensor) => tf.mul(value, 3))(x);
  const z = await one.compile((a: tf.Tensor, b: tf.Tensor) => tf.add(a, b))(x, y);
  expect([...(await one.read(z)).data]).toEqual([4, 8]);
  tf.dispose([x, y, z]);
  await one.dispose();
  const left = two.put(vector(1));
  await expect(one.compile((value: tf.Tensor) => value)(left)).rejects.toThrow('disposed');
  left.dispose();
  await two.dispose();
});

test('auto takes the first that works, and an unknown name lists the known', async () => {
  const device = await openDevice('auto');
  expect(device.name).toBe('ort-cpu');
  await device.dispose();
  await expect(openDevice('tpu' as 'auto')).rejects.toThrow(
    'no device is called tpu; there are ort-cuda, ort-webgpu, ort-cpu, tfjs-node, tfjs-webgpu, tfjs-wasm, tfjs-cpu and auto',
  );
});
