import { GmlpError } from '@gmlp/base';

/** Runs jobs one after the other, in the order of the calls; a failed job does not stop those after it. */
export interface CallQueue {
  run<T>(job: () => Promise<T> | T): Promise<T>;
  /** Throws once the queue was closed. */
  expectOpen(): void;
  close(): Promise<void>;
}

export function callQueue(name: string): CallQueue {
  let last: Promise<unknown> = Promise.resolve();
  let closed = false;
  const expectOpen = (): void => {
    if (closed) throw new GmlpError('disposed', `device ${name}: it was disposed; open it again`);
  };
  return {
    expectOpen,
    async run(job) {
      expectOpen();
      const result = last.then(job);
      last = result.catch(() => undefined);
      return result;
    },
    async close() {
      closed = true;
      await last;
    },
  };
}
