/** Threads that take one task after another, so that all processors pack. */
import { Worker } from 'node:worker_threads';
import { decodeError, GmlpError } from '@gmlp/base';
import type { FromPackThread, PackSurroundings, PackTask } from './pack-work.ts';

const workerFile = new URL(`./pack-worker${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);

export type HeardMessage = Exclude<FromPackThread, { kind: 'failed' }>;

export interface PackThreads {
  /** Works through all tasks, which are asked for when a thread is free; one that fails ends all, and is what is thrown. */
  run(tasks: AsyncIterator<PackTask>, onMessage: (task: PackTask, message: HeardMessage) => Promise<void> | void): Promise<void>;
  close(): Promise<void>;
}

/** Threads start when there is something for them to do. */
export function openPackThreads(surroundings: PackSurroundings, threads: number, signal?: AbortSignal): PackThreads {
  const workers: Worker[] = [];
  const stopped = new Promise<never>((_, reject) => {
    const stop = (): void => reject(new GmlpError('aborted', 'packCorpus: stopped', {}, { cause: signal?.reason }));
    if (signal?.aborted) stop();
    signal?.addEventListener('abort', stop, { once: true });
  });
  stopped.catch(() => undefined);
  return {
    async run(tasks, onMessage) {
      const one = async (_: unknown, number: number): Promise<void> => {
        for (let next = await tasks.next(); !next.done; next = await tasks.next()) {
          workers[number] ??= new Worker(workerFile, { workerData: surroundings });
          await taskDone(workers[number], next.value, onMessage);
        }
      };
      await Promise.race([stopped, Promise.all(Array.from({ length: threads }, one))]);
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}

function taskDone(worker: Worker, task: PackTask, onMessage: Parameters<PackThreads['run']>[1]): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (then: () => void): void => {
      worker.off('message', hear).off('error', failed).off('exit', gone);
      then();
    };
    const failed = (cause: Error): void => settle(() => reject(cause));
    const gone = (code: number): void => failed(new Error(`packCorpus: a thread that packs ended by itself, with ${code}`));
    const hear = (message: FromPackThread): void => {
      if (message.kind === 'failed') {
        failed(decodeError(message.error));
        return;
      }
      const heard = Promise.resolve(onMessage(task, message));
      if (message.kind === 'done') settle(() => heard.then(resolve, reject));
      else heard.catch(failed);
    };
    worker.on('message', hear).on('error', failed).on('exit', gone);
    worker.postMessage(task);
  });
}
