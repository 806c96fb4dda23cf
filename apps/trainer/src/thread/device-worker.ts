/**
 * The thread of the device: computing blocks it, so files, batches, signals and the terminal are the main thread's
 * (device-thread.ts). It opens the device, trains what it is told to, one job after the other, and ends when it is told to.
 */

import { setImmediate as turn } from 'node:timers/promises';
import { MessageChannel, type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { encodeError } from '@gmlp/base';
import { type Device, type DeviceName, type DeviceVerdict, productRate } from '@gmlp/devices';
import { openDevice } from '@gmlp/devices/node';
import type { Spec } from '@gmlp/layers';
import { createModel } from '@gmlp/models';
import { type HostBatch, type TrainingEvent, trainingRun } from '@gmlp/training';
import { stepCost } from '../step-cost.ts';
import { taskOf } from '../tasks/table.ts';
import { serveStream, takeStream } from './port-stream.ts';
import type { FromDeviceThread, ToDeviceThread } from './thread-messages.ts';
import { planOf, type TrainingJob } from './training-job.ts';

/** Batches that are ready before they are needed. */
const ahead = 4;

const main = parentPort!;
const tell = (message: FromDeviceThread, transfer: readonly MessagePort[] = []): void => main.postMessage(message, [...transfer]);
let abort = new AbortController();

async function* batches(part: 'training' | 'validation', first: number): AsyncGenerator<HostBatch<never>> {
  const { port1, port2 } = new MessageChannel();
  tell({ kind: 'batches', part, first, port: port2 }, [port2]);
  for await (const batch of takeStream<HostBatch<never>>(port1, ahead)) {
    await turn(); // messages are heard here, also when the device never waits
    yield batch;
  }
}

/** Measured once: what the device does when it does nothing else. */
let measured: Promise<number> | undefined;

async function* trained(
  device: Device,
  { recipe, config, modelFiles, from, parameters }: TrainingJob,
): AsyncGenerator<TrainingEvent> {
  const model = createModel(config);
  measured ??= productRate(device);
  const work = { flops: 2 * stepCost(recipe, config).multiplyAdds, productRate: await measured };
  yield* trainingRun<unknown, unknown, unknown>(planOf(recipe), {
    device,
    spec: model.module.spec as Spec<unknown>,
    objective: taskOf(recipe.task).objective(model, recipe.data, modelFiles),
    training: (first) => batches('training', first),
    validation: () => batches('validation', 0),
    from,
    parameters,
    work,
    signal: abort.signal,
    onStep: (step) => tell({ kind: 'step', step }),
    onEvaluationBatch: (done) => tell({ kind: 'evaluated', batches: done }),
  });
}

try {
  const verdicts: DeviceVerdict[] = [];
  const device = await openDevice((workerData as { readonly device: DeviceName | 'auto' }).device, {
    onVerdict: (verdict) => verdicts.push(verdict),
  });
  main.on('message', (message: ToDeviceThread) => {
    if (message.kind === 'stop') abort.abort();
    else if (message.kind === 'close') void device.dispose().finally(() => main.close());
    else {
      abort = new AbortController();
      void serveStream(message.events, trained(device, message.job));
    }
  });
  tell({ kind: 'ready', device: device.name, passedOver: verdicts.filter(({ name }) => name !== device.name) });
} catch (error) {
  tell({ kind: 'failed', error: encodeError(error) });
  main.close();
}
