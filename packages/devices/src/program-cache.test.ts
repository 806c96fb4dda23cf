/** What a compiled device holds of ONNX Runtime, counted in sessions. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { hostArray } from '@gmlp/base';
import { adamw, adamwInit } from '@gmlp/ops';
import { skippedWithoutVulkan, vulkan } from '@gmlp/testing';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { compiledDevice } from './compiled-device.ts';
import type { Device } from './device.ts';
import { ortCpu, ortWebgpu } from './node/index.ts';
import type { OrtRuntime } from './ort-runtime.ts';
import { programsOfDevice } from './program-cache.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const ones = (length: number) => hostArray('float32', [length], new Float32Array(length).fill(1));
const twice = (x: tf.Tensor) => tf.mul(x, 2);

/** A runtime that counts its sessions, and in which none may go while one runs. */
function counted(runtime: OrtRuntime) {
  const sessions = { made: 0, live: 0, running: 0 };
  const counting: OrtRuntime = {
    ...runtime,
    async session(...args) {
      const session = await runtime.session(...args);
      sessions.made++;
      sessions.live++;
      let released = false;
      return {
        async run(feeds) {
          if (released) throw new Error('a released session was run');
          sessions.running++;
          try {
            return await session.run(feeds);
          } finally {
            sessions.running--;
          }
        },
        async release() {
          if (released) throw new Error('a session was released twice');
          if (sessions.running > 0) throw new Error('a session was released in a run');
          released = true;
          sessions.live--;
          await session.release();
        },
      };
    },
  };
  return { counting, sessions };
}

const cases: [name: 'ort-cpu' | 'ort-webgpu', runtime: () => Promise<OrtRuntime>][] = [
  ['ort-cpu', ortCpu],
  ['ort-webgpu', ortWebgpu],
];
if (!vulkan) test.skip(`ort-webgpu ${skippedWithoutVulkan}`);

describe.each(vulkan ? cases : cases.slice(0, 1))('%s', (name, open) => {
  let device: Device;
  let sessions: ReturnType<typeof counted>['sessions'];
  let before: number;
  /** Copies to and from a GPU have sessions of their own, which stay. */
  const live = (): number => sessions.live - before;
  /** What was let go before is freed now, on a GPU too. */
  const inTurn = async (): Promise<void> => {
    const x = device.put(ones(1));
    const last = device.compile(twice);
    (await last(x)).dispose();
    await last.dispose();
    x.dispose();
  };
  beforeAll(async () => {
    const runtime = counted(await open());
    sessions = runtime.sessions;
    device = compiledDevice(name, runtime.counting);
    const x = device.put(ones(1));
    const run = device.compile(twice);
    for (let call = 0; call < 2; call++) {
      const y = await run(x);
      await device.read(y);
      y.dispose();
    }
    x.dispose();
    await run.dispose();
  });
  beforeEach(() => {
    before = sessions.live;
  });
  afterAll(async () => {
    await device.dispose();
    expect(sessions.live).toBe(0);
  });

  test('300 functions, each compiled, called and disposed, leave nothing', async () => {
    const x = device.put(ones(4));
    for (let round = 0; round < 300; round++) {
      const run = device.compile(twice);
      (await run(x)).dispose();
      await run.dispose();
      expect(live()).toBe(0);
    }
    x.dispose();
  });

  test('a function keeps the sessions of so many shapes, those used last, and traces the others again', async () => {
    const traced: number[] = [];
    const run = device.compile(
      (x: tf.Tensor) => {
        traced.push(x.size);
        return twice(x);
      },
      { maximumShapes: 3 },
    );
    for (const length of [1, 2, 3, 1, 4, 1, 2]) {
      const x = device.put(ones(length));
      const y = await run(x);
      expect((await device.read(y)).data).toEqual(new Float32Array(length).fill(2));
      tf.dispose([x, y]);
    }
    expect(traced).toEqual([1, 2, 3, 4, 2]);
    expect(live()).toBe(3);
    await run.dispose();
    expect(live()).toBe(0);
  });

  test('calls that wait keep their sessions, however many shapes came since, and so does dispose', async () => {
    const run = device.compile(twice, { maximumShapes: 1 });
    const inputs = Array.from({ length: 12 }, (_, i) => device.put(ones(1 + (i % 3))));
    const pending = inputs.map((x) => run(x));
    const disposed = run.dispose();
    const results = await Promise.all(pending);
    for (const [i, { data }] of (await device.read(results)).entries()) expect([...data]).toEqual(Array(1 + (i % 3)).fill(2));
    tf.dispose([inputs, results]);
    await disposed;
    await inTurn();
    expect(live()).toBe(0);
  });

  test('results outlive their function, and donated ones go on through others', async () => {
    const first = device.compile(twice);
    const next = device.compile((x: tf.Tensor) => tf.add(x, 1), { donate: [0] });
    const x = device.put(ones(3));
    const y = await first(x);
    await first.dispose();
    const z = await next(y);
    await next.dispose();
    expect([...(await device.read(z)).data]).toEqual([3, 3, 3]);
    expect(y.isDisposed).toBe(true);
    tf.dispose([x, z]);
    await device.compile(twice).dispose(); // nothing to free: no error
    await inTurn();
    expect(live()).toBe(0);
  });

  test('a disposed function refuses calls, and consumes nothing', async () => {
    const run = device.compile(twice, { donate: [0] });
    await run.dispose();
    await run.dispose();
    const x = device.put(ones(1));
    await expect(run(x)).rejects.toMatchObject({ code: 'disposed', message: expect.stringContaining('compile it again') });
    expect(x.isDisposed).toBe(false);
    x.dispose();
  });

  test('300 functions that are all kept hold a bounded number of sessions, and all of them work', async () => {
    const x = device.put(ones(4));
    const functions = Array.from({ length: 300 }, (_, i) => device.compile((value: tf.Tensor) => tf.add(value, i)));
    for (const run of functions) {
      (await run(x)).dispose();
      expect(live()).toBeLessThanOrEqual(programsOfDevice + 1); // one may be built before another goes
    }
    for (const i of [0, 150, 299]) {
      const y = await functions[i]!(x);
      expect([...(await device.read(y)).data]).toEqual(Array(4).fill(1 + i));
      y.dispose();
    }
    await Promise.all(functions.map((run) => run.dispose()));
    await inTurn();
    expect(live()).toBe(0);
    x.dispose();
  });

  test('what nobody refers to any more is freed', async () => {
    const x = device.put(ones(5));
    const forget = async (): Promise<void> => {
      for (let each = 0; each < 10; each++) (await device.compile(twice)(x)).dispose();
    };
    await forget();
    expect(live()).toBe(10);
    for (let turn = 0; turn < 100 && live() > 0; turn++) {
      collectGarbage();
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(live()).toBe(0);
    x.dispose();
  });
});

test('a program of which one session fails keeps none', async () => {
  const runtime = await ortCpu();
  let asked = 0;
  const { counting, sessions } = counted({
    ...runtime,
    async session(...args) {
      if (++asked === 2) throw new Error('no');
      return runtime.session(...args);
    },
  });
  const device = compiledDevice('ort-cpu', counting);
  const rate = device.put(hostArray('float32', [], Float32Array.of(0.1))) as tf.Scalar;
  const x = device.put(ones(2));
  // AdamW is a loop on the host between two graphs.
  const update = device.compile((p: tf.Tensor, size: tf.Scalar) => twice(adamw(p, adamwInit(p), twice(p), size).params));
  await expect(update(x, rate)).rejects.toMatchObject({ code: 'device-failure' });
  expect([asked, sessions.made, sessions.live]).toEqual([2, 1, 0]);
  tf.dispose([x, rate]);
  await device.dispose();
});

test('the number of shapes is a whole number of at least 1', async () => {
  const device = compiledDevice('ort-cpu', await ortCpu());
  for (const maximumShapes of [0, -1, 1.5, Number.NaN]) {
    expect(() => device.compile(twice, { maximumShapes })).toThrow('maximumShapes to be a whole number of at least 1');
  }
  await device.dispose();
});
