/** Threads that decode and transform pictures. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { decodeError, GmlpError } from '@gmlp/base';
import type { UnlabelledImage } from '../image-source.ts';
import type { SampleNumber } from '../transform/training-transform.ts';
import type { DecodeOptions } from './decode-image.ts';
import type { FromImageWorker, ImageTransform, ToImageWorker } from './image-work.ts';

export interface ImagePool {
  /** Values `[size, size, 3]`; an error of code `invalid-data` for a picture that cannot be decoded. */
  transformed(image: UnlabelledImage, sample: SampleNumber, transform: ImageTransform): Promise<Float32Array>;
  /** Ends the threads; what was asked for and has not come is an error of code `aborted`. */
  close(): Promise<void>;
}

export interface ImagePoolOptions extends DecodeOptions {
  /** As many as there are processors by default. What comes out does not depend on it. */
  readonly workers?: number | undefined;
}

/** Pictures that a thread has at once: one that it computes on, while another is decoded. */
const atOnce = 2;

/** The file that a thread runs: built beside this one, or its source. */
const workerFile = new URL(`./image-worker${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);

interface Waiting {
  readonly message: Omit<ToImageWorker & { readonly kind: 'image' }, 'number'>;
  resolve(values: Float32Array): void;
  reject(error: Error): void;
}

interface Thread {
  readonly worker: Worker;
  readonly asked: Map<number, Waiting>;
}

export function openImagePool({ workers = availableParallelism(), ...decoding }: ImagePoolOptions = {}): ImagePool {
  if (!(Number.isInteger(workers) && workers > 0)) {
    throw new GmlpError('invalid-argument', `openImagePool: expected a number of threads from 1, got ${workers}`, { workers });
  }
  const queue: Waiting[] = [];
  let ended: Error | undefined;
  let number = 0;
  const ids = new Map<ImageTransform, number>();
  const threads = Array.from(
    { length: workers },
    (): Thread => ({ worker: new Worker(workerFile, { workerData: decoding }), asked: new Map() }),
  );

  /** A transform crosses once; afterwards its number stands for it. */
  const idOf = (transform: ImageTransform): number => {
    const known = ids.get(transform);
    if (known !== undefined) return known;
    const id = ids.size;
    ids.set(transform, id);
    for (const { worker } of threads) worker.postMessage({ kind: 'transform', id, transform } satisfies ToImageWorker);
    return id;
  };
  const feed = (thread: Thread): void => {
    while (thread.asked.size < atOnce) {
      const next = queue.shift();
      if (next === undefined) return;
      thread.asked.set(number, next);
      thread.worker.ref();
      thread.worker.postMessage({ number, ...next.message } satisfies ToImageWorker);
      number++;
    }
  };
  const end = (error: Error): void => {
    ended ??= error;
    const waiting = [...queue.splice(0), ...threads.flatMap(({ asked }) => [...asked.values()])];
    for (const { asked } of threads) asked.clear();
    for (const { reject } of waiting) reject(ended);
  };
  for (const thread of threads) {
    thread.worker.on('message', (message: FromImageWorker) => {
      const waiting = thread.asked.get(message.number);
      thread.asked.delete(message.number);
      feed(thread);
      if (thread.asked.size === 0) thread.worker.unref();
      if ('values' in message) waiting?.resolve(message.values);
      else waiting?.reject(decodeError(message.error));
    });
    thread.worker.on('error', end);
    thread.worker.on('exit', (code) =>
      end(new Error(`openImagePool: a thread that decodes images ended by itself, with ${code}`)),
    );
    // A thread that nothing waits for keeps no process running.
    thread.worker.unref();
  }
  return {
    transformed({ bytes, encoding, from }, sample, transform) {
      return new Promise((resolve, reject) => {
        if (ended) return reject(ended);
        queue.push({
          message: { kind: 'image', image: { bytes, encoding, from }, sample, transform: idOf(transform) },
          resolve,
          reject,
        });
        const free = threads.reduce((least, each) => (each.asked.size < least.asked.size ? each : least));
        feed(free);
      });
    },
    async close() {
      end(new GmlpError('aborted', 'openImagePool: the threads that decode images were closed'));
      await Promise.all(threads.map(({ worker }) => worker.terminate()));
    },
  };
}
