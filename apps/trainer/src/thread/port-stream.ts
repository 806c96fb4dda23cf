/**
 * An async iterable whose items are made in one thread and taken in another. The taker gives credit: an item is made when it
 * is asked for, or up to `ahead` items before. With `ahead` 0 the maker stands still while the taker looks at an item, as
 * generators do. Leaving the loop ends the generator at the other end; an error there is thrown here.
 */
import type { MessagePort, TransferListItem } from 'node:worker_threads';
import { decodeError, type EncodedError, encodeError, GmlpError } from '@gmlp/base';
import { transferables } from './transferables.ts';

type ToTaker<T> =
  | { readonly kind: 'item'; readonly value: T }
  | { readonly kind: 'end' }
  | { readonly kind: 'error'; readonly error: EncodedError };
type ToMaker = { readonly kind: 'credit'; readonly items: number } | { readonly kind: 'return' };

/** Makes items as they are asked for. The memory of their typed arrays moves to the other thread. */
export async function serveStream<T>(port: MessagePort, items: AsyncIterable<T>): Promise<void> {
  const iterator = items[Symbol.asyncIterator]();
  let credit = 0;
  let left = false;
  let wake = (): void => {};
  const leave = (): void => {
    left = true;
    wake();
  };
  port.on('message', (message: ToMaker) => {
    if (message.kind === 'return') leave();
    else credit += message.items;
    wake();
  });
  port.on('close', leave);
  const post = (message: ToTaker<T>, transfer: TransferListItem[] = []): void => port.postMessage(message, transfer);
  try {
    while (!left) {
      if (credit === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        continue;
      }
      credit--;
      const { done, value } = await iterator.next();
      if (done) {
        post({ kind: 'end' });
        return;
      }
      post({ kind: 'item', value }, transferables(value));
    }
    await iterator.return?.();
  } catch (error) {
    post({ kind: 'error', error: encodeError(error) });
  } finally {
    port.off('close', leave);
    port.close();
  }
}

/** Takes the items that `serveStream` makes at the other end of the channel. */
export async function* takeStream<T>(port: MessagePort, ahead = 0): AsyncGenerator<T, void, void> {
  const received: ToTaker<T>[] = [];
  let wake = (): void => {};
  let closed = false;
  port.on('message', (message: ToTaker<T>) => {
    received.push(message);
    wake();
  });
  port.on('close', () => {
    closed = true;
    wake();
  });
  const post = (message: ToMaker): void => port.postMessage(message);
  let ended = false;
  try {
    post({ kind: 'credit', items: ahead });
    for (;;) {
      post({ kind: 'credit', items: 1 });
      while (received.length === 0 && !closed) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      const message = received.shift();
      if (message?.kind === 'item') {
        yield message.value;
        continue;
      }
      ended = true;
      if (message === undefined) {
        throw new GmlpError('io', 'takeStream: the thread at the other end is gone', { gone: true });
      }
      if (message.kind === 'error') throw decodeError(message.error);
      return;
    }
  } finally {
    if (!ended) post({ kind: 'return' });
    port.close();
  }
}
