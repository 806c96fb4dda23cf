import type { DeviceName } from './device.ts';
import type { OrtRuntime } from './ort-runtime.ts';
import { gpuError } from './watch-gpu.ts';

/** A runtime whose errors, and those of the GPU that it runs on, are ours. */
export function guardedRuntime(name: DeviceName, runtime: OrtRuntime): OrtRuntime {
  const guard = async <T>(job: () => Promise<T>): Promise<T> => {
    if (runtime.watch) {
      runtime.watch.expectWell();
      return runtime.watch.during(job());
    }
    try {
      return await job();
    } catch (error) {
      throw gpuError(name, error);
    }
  };
  return {
    ...runtime,
    async session(...args) {
      const session = await guard(() => runtime.session(...args));
      return { run: (feeds) => guard(() => session.run(feeds)), release: () => session.release() };
    },
  };
}
