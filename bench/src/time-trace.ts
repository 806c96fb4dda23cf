import { key } from '@gmlp/base';
import { disposeTree } from '@gmlp/devices';
import { compiledDevice, ortCpu } from '@gmlp/devices/node';
import { loadStrict } from '@gmlp/layers';
import { summedGradients } from '@gmlp/training';
import { type Batch, lossOf, model, type SideParameters } from './gmlp-side.ts';
import type { LoadedTask } from './task.ts';

/** Milliseconds from calling the loss and its gradients for the first time until ONNX Runtime's sessions are there. */
export async function timeTrace({ task, parameters, images, labels }: LoadedTask): Promise<number> {
  const { spec, apply } = model(task);
  const runtime = await ortCpu();
  let ms = Number.NaN;
  let start = 0;
  let run = false;
  const device = compiledDevice('ort-cpu', {
    ...runtime,
    async session(bytes, multiplyAdds) {
      const session = await runtime.session(bytes, multiplyAdds);
      ms = performance.now() - start;
      return {
        // The graph need not run. The device makes an error of its own of this one, so that only `run` tells.
        async run() {
          run = true;
          throw new Error('only the time to here was asked for');
        },
        release: () => session.release(),
      };
    },
  });
  try {
    const loss = lossOf(apply);
    const compiled = device.compile((params: SideParameters, batch: Batch) => summedGradients(loss, params, batch, key(0)));
    const params = device.put(loadStrict(spec, parameters)) as SideParameters;
    const batch = device.put({ images, labels }) as Batch;
    start = performance.now();
    await compiled(params, batch).catch((error: unknown) => {
      if (!run) throw error;
    });
    disposeTree([params, batch]);
    return ms;
  } finally {
    await device.dispose();
  }
}
