/** Threads that decode and transform pictures. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { decodeError, GmlpError } from '@gmlp/base';
import type { UnlabelledImage } from '../image-source.ts';
import type { SampleNumber } from '../transform/training-transform.ts';
import type { DecodeOptions } from './decode-image.ts';
import type { FromImageWorker, ImageTransform, ToImageWorker } from './image-work.ts';

export interface ImagePool {
  /**
   * Values `[size, size, 3]`, written to `into` where that is given; an error of code `invalid-data` for a picture that cannot be
   * decoded.
   */
  transformed(
    image: UnlabelledImage,
    sample: SampleNumber,
    transform: ImageTransform,
    into?: Float32Array,
  ): Promise<Float32Array>;
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

/**
 * Of what a thread makes for a picture nothing lasts. Left to itself the engine gives a thread that runs for long more and more room for
 * what is young, which fills with pictures that are done with.
 */
const resourceLimits = { maxYoungGenerationSizeMb: 4 } as const;

interface Waiting {
  readonly message: Omit<ToImageWorker & { readonly kind: 'image' }, 'number' | 'values'>;
  /** Where the values go in the end. */
  readonly into: Float32Array;
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
  // What threads have answered in, for the next pictures: as many as they work on. Memory would otherwise be asked for, and left to
  // the collector, with each picture.
  const spare: Float32Array<ArrayBuffer>[] = [];
  const threads = Array.from(
    { length: workers },
    (): Thread => ({ worker: new Worker(workerFile, { workerData: decoding, resourceLimits }), asked: new Map() }),
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
      const used = spare.pop();
      const values = used?.length === next.into.length ? used : new Float32Array(next.into.length);
      thread.worker.postMessage({ number, values, ...next.message } satisfies ToImageWorker, [values.buffer]);
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
    thread.worker.on('message', ({ number: answered, values, error }: FromImageWorker) => {
      const waiting = thread.asked.get(answered);
      thread.asked.delete(answered);
      if (error === undefined) waiting?.into.set(values);
      spare.push(values);
      feed(thread);
      if (thread.asked.size === 0) thread.worker.unref();
      if (error === undefined) waiting?.resolve(waiting.into);
      else waiting?.reject(decodeError(error));
    });
    thread.worker.on('error', end);
    thread.worker.on('exit', (code) =>
      end(new Error(`openImagePool: a thread that decodes images ended by itself, with ${code}`)),
    );
    // A thread that nothing waits for keeps no process running.
    thread.worker.unref();
  }
  return {
    async transformed({ bytes, encoding, from }, sample, transform, given) {
      const length = 3 * sizeOf(transform) ** 2;
      const into = given ?? new Float32Array(length);
      if (into.length !== length) {
        throw new GmlpError(
          'shape-mismatch',
          `openImagePool: pictures of ${transform.size} pixels a side have ${length} values, there is room for ${into.length}`,
          { expected: length, got: into.length },
        );
      }
      return new Promise((resolve, reject) => {
        if (ended) return reject(ended);
        queue.push({
          message: { kind: 'image', image: { bytes, encoding, from }, sample, transform: idOf(transform) },
          into,
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

function sizeOf({ size }: ImageTransform): number {
  if (Number.isInteger(size) && size > 0) return size;
  throw new GmlpError('invalid-config', `openImagePool: expected a size in whole pixels, got ${size}`, { size });
}
