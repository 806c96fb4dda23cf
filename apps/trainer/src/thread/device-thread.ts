/** A device in a thread of its own, seen from the main thread, which stays free for signals and the terminal. */
import { once } from 'node:events';
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import { decodeError, GmlpError } from '@gmlp/base';
import type { DeviceName, DeviceVerdict } from '@gmlp/devices';
import type { TrainingEvent } from '@gmlp/training';
import { serveStream, takeStream } from './port-stream.ts';
import type { FromDeviceThread, ToDeviceThread } from './thread-messages.ts';
import type { TrainingJob, TrainingSurroundings } from './training-job.ts';

export interface DeviceThread {
  readonly device: DeviceName;
  /** What `auto` did not take, and why. */
  readonly passedOver: readonly DeviceVerdict[];
  /** The events of `trainingRun`, which runs in the thread; it takes its batches from here. One job at a time. */
  train(job: TrainingJob, surroundings: TrainingSurroundings): AsyncIterable<TrainingEvent>;
  /** Ends the thread; waits until its device is free. */
  close(): Promise<void>;
}

/** The file that the thread runs: built beside this one, or its source. */
export const workerFile: URL = new URL(`./device-worker${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);

export async function startDeviceThread(device: DeviceName | 'auto'): Promise<DeviceThread> {
  const worker = new Worker(workerFile, { workerData: { device } });
  const tell = (message: ToDeviceThread, transfer: readonly MessagePort[] = []): void =>
    worker.postMessage(message, [...transfer]);
  const gone = new Promise<unknown>((resolve) => {
    worker.once('error', resolve);
    worker.once('exit', () => resolve(undefined));
  });
  const died = (cause: unknown): GmlpError =>
    new GmlpError(
      'device-unavailable',
      `startDeviceThread: the thread of the device ${device} ended by itself${cause instanceof Error ? `: ${cause.message}` : ''}`,
      { device },
      { cause },
    );
  const first = await Promise.race([
    once(worker, 'message').then(([message]) => message as FromDeviceThread),
    gone.then((cause) => {
      throw died(cause);
    }),
  ]);
  if (first.kind === 'failed') throw decodeError(first.error);
  if (first.kind !== 'ready') throw new Error(`startDeviceThread: expected ready, got ${first.kind}`);

  return {
    device: first.device,
    passedOver: first.passedOver,
    async *train(job, { training, validation, signal, onStep, onEvaluationBatch }) {
      const hear = (message: FromDeviceThread): void => {
        if (message.kind === 'step') onStep?.(message.step);
        else if (message.kind === 'evaluated') onEvaluationBatch?.(message.batches);
        else if (message.kind === 'batches') {
          void serveStream(message.port, message.part === 'training' ? training(message.first) : validation());
        }
      };
      worker.on('message', hear);
      const { port1, port2 } = new MessageChannel();
      tell({ kind: 'train', job, events: port2 }, [port2]);
      const stop = (): void => tell({ kind: 'stop' });
      if (signal.aborted) stop();
      signal.addEventListener('abort', stop);
      try {
        yield* takeStream<TrainingEvent>(port1);
      } catch (error) {
        throw GmlpError.isInstance(error) && error.fields['gone'] === true ? died(await gone) : error;
      } finally {
        signal.removeEventListener('abort', stop);
        worker.off('message', hear);
      }
    },
    async close() {
      tell({ kind: 'close' });
      await gone;
    },
  };
}
