import { GmlpError } from '@gmlp/base';

/** Runs jobs one after the other, in the order of the calls; a failed job does not stop those after it. */
export interface CallQueue {
  run<T>(job: () => Promise<T> | T): Promise<T>;
  close(): Promise<void>;
}

export function callQueue(name: string): CallQueue {
  let last: Promise<unknown> = Promise.resolve();
  let closed = false;
  return {
    run(job) {
      if (closed) return Promise.reject(new GmlpError('disposed', `device ${name}: it was disposed; open it again`));
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
