import { key } from '@gmlp/base';
import { compiledDevice, ortCpu } from '@gmlp/devices/node';
import { loadStrict } from '@gmlp/layers';
import { lossAndGradients } from '@gmlp/training';
import { type Batch, lossOf, model, type Parameters } from './gmlp-side.ts';
import type { LoadedTask } from './task.ts';

class Created extends Error {}

/** Milliseconds from calling the loss and its gradients for the first time until ONNX Runtime's session is there. */
export async function timeTrace({ task, parameters, images, labels }: LoadedTask): Promise<number> {
  const { spec, apply } = model(task);
  const runtime = await ortCpu();
  let ms = Number.NaN;
  let start = 0;
  const device = compiledDevice('ort-cpu', {
    ...runtime,
    session: async (bytes, multiplyAdds) => {
      const session = await runtime.session(bytes, multiplyAdds);
      ms = performance.now() - start;
      await session.release();
      throw new Created(); // the graph need not run
    },
  });
  const loss = lossOf(apply);
  const compiled = device.compile((params: Parameters, batch: Batch) => lossAndGradients(loss, params, batch, key(0)));
  const params = device.put(loadStrict(spec, parameters)) as Parameters;
  const batch = device.put({ images, labels }) as Batch;
  start = performance.now();
  await compiled(params, batch).catch((error: unknown) => {
    if (!(error instanceof Created)) throw error;
  });
  return ms;
}
