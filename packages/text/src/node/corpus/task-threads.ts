/** Threads that take one task after another, so that all processors work. */
import { Worker } from 'node:worker_threads';
import { decodeError, type EncodedError, GmlpError } from '@gmlp/base';

/** What a thread says: `done` ends a task, and so does `failed`; of any other kind there may be many before. */
export type FromThread<Told extends { readonly kind: string }> = Told | { readonly kind: 'failed'; readonly error: EncodedError };

export interface TaskThreads<Task, Told> {
  /** Works through all tasks, which are asked for when a thread is free; one that fails ends all, and is what is thrown. */
  run(tasks: AsyncIterator<Task>, onMessage: (task: Task, message: Told) => Promise<void> | void): Promise<void>;
  close(): Promise<void>;
}

export interface TaskThreadsOptions {
  /** The caller, for errors. */
  readonly who: string;
  /** What each thread runs. */
  readonly file: URL;
  /** What each thread is told at its start. */
  readonly surroundings: unknown;
  readonly threads: number;
  readonly signal?: AbortSignal | undefined;
}

/** The program of a thread that stands beside the module of this address, as source or built. */
export function threadFile(name: string, beside: string): URL {
  return new URL(`./${name}${beside.endsWith('.ts') ? '.ts' : '.js'}`, beside);
}

/** Threads start when there is something for them to do. */
export function openTaskThreads<Task, Told extends { readonly kind: string }>({
  who,
  file,
  surroundings,
  threads,
  signal,
}: TaskThreadsOptions): TaskThreads<Task, Told> {
  const workers: Worker[] = [];
  const stopped = new Promise<never>((_, reject) => {
    const stop = (): void => reject(new GmlpError('aborted', `${who}: stopped`, {}, { cause: signal?.reason }));
    if (signal?.aborted) stop();
    signal?.addEventListener('abort', stop, { once: true });
  });
  stopped.catch(() => undefined);

  const done = (worker: Worker, task: Task, onMessage: (task: Task, message: Told) => Promise<void> | void): Promise<void> =>
    new Promise((resolve, reject) => {
      const settle = (then: () => void): void => {
        worker.off('message', hear).off('error', failed).off('exit', gone);
        then();
      };
      const failed = (cause: Error): void => settle(() => reject(cause));
      const gone = (code: number): void => failed(new Error(`${who}: a thread ended by itself, with ${code}`));
      const isFailure = (message: FromThread<Told>): message is { readonly kind: 'failed'; readonly error: EncodedError } =>
        message.kind === 'failed';
      const hear = (message: FromThread<Told>): void => {
        if (isFailure(message)) {
          failed(decodeError(message.error));
          return;
        }
        const heard = new Promise<void>((settled) => settled(onMessage(task, message)));
        if (message.kind === 'done') settle(() => heard.then(resolve, reject));
        else heard.catch(failed);
      };
      worker.on('message', hear).on('error', failed).on('exit', gone);
      worker.postMessage(task);
    });

  return {
    async run(tasks, onMessage) {
      const one = async (_: unknown, number: number): Promise<void> => {
        for (let next = await tasks.next(); !next.done; next = await tasks.next()) {
          workers[number] ??= new Worker(file, { workerData: surroundings });
          await done(workers[number], next.value, onMessage);
        }
      };
      await Promise.race([stopped, Promise.all(Array.from({ length: threads }, one))]);
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}
