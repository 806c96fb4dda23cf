import { MessageChannel, Worker } from 'node:worker_threads';
import { GmlpError, hostArray } from '@gmlp/base';
import { expect, it } from 'vitest';
import { serveStream, takeStream } from './port-stream.ts';

function connect<T>(
  items: AsyncIterable<T>,
  ahead?: number,
): { readonly taken: AsyncGenerator<T>; readonly served: Promise<void> } {
  const { port1, port2 } = new MessageChannel();
  return { served: serveStream(port1, items), taken: takeStream<T>(port2, ahead) };
}

const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
};

it.each([0, 1, 5])('%i ahead: all items, in order, and none made before its time', async (ahead) => {
  let made = 0;
  let ended = false;
  async function* count(): AsyncGenerator<number> {
    try {
      for (; made < 10; ) yield made++;
    } finally {
      ended = true;
    }
  }
  const { taken, served } = connect(count(), ahead);
  const items: number[] = [];
  for await (const item of taken) {
    items.push(item);
    await turns();
    expect(made).toBe(Math.min(10, item + 1 + ahead));
  }
  expect(items).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  await served;
  expect(ended).toBe(true);
});

it('leaving the loop ends the generator at the other end', async () => {
  let ended = false;
  async function* endless(): AsyncGenerator<number> {
    try {
      for (let i = 0; ; i++) yield i;
    } finally {
      ended = true;
    }
  }
  const { taken, served } = connect(endless(), 2);
  for await (const item of taken) if (item === 3) break;
  await served;
  expect(ended).toBe(true);
});

it('an error there is the same error here', async () => {
  async function* failing(): AsyncGenerator<number> {
    yield 1;
    const cause = new TypeError('deep');
    throw new GmlpError('numerical', 'no number', { step: 3, odd: () => 1 }, { cause });
  }
  const { taken } = connect(failing());
  expect((await taken.next()).value).toBe(1);
  const error: unknown = await taken.next().catch((thrown: unknown) => thrown);
  expect(GmlpError.isInstance(error)).toBe(true);
  expect(error).toMatchObject({
    code: 'numerical',
    message: 'no number',
    fields: { step: 3 },
    stack: expect.stringContaining('failing'),
    cause: { name: 'TypeError', message: 'deep' },
  });
});

it('the memory of arrays moves', async () => {
  const array = hostArray('float32', [3], Float32Array.of(1, 2, 3));
  async function* one(): AsyncGenerator<ReadonlyMap<string, typeof array>> {
    yield new Map([['weight', array]]);
  }
  for await (const map of connect(one()).taken) expect([...map.get('weight')!.data]).toEqual([1, 2, 3]);
  expect(array.data.buffer.byteLength).toBe(0);
});

it('a thread that is gone is an error, not a wait for ever', async () => {
  const { port1, port2 } = new MessageChannel();
  const worker = new Worker('require("node:worker_threads").workerData; setInterval(() => {}, 1000)', {
    eval: true,
    workerData: port1,
    transferList: [port1],
    execArgv: [],
  });
  const next = expect(takeStream(port2).next()).rejects.toThrow(/the thread at the other end is gone/);
  await new Promise((resolve) => worker.once('online', resolve));
  await worker.terminate();
  await next;
});
