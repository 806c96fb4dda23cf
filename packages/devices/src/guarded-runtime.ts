import type { DeviceName } from './device.ts';
import type { OrtRuntime, OrtSession } from './ort-runtime.ts';
import { gpuError } from './watch-gpu.ts';

/** Milliseconds for which a release waits for jobs of a GPU that was lost. */
const patience = 5000;

/**
 * A runtime whose errors, and those of the GPU that it runs on, are ours. When a GPU is lost, callers are told at once and wait
 * for their jobs no more; but a session that is made after that, or released in a run, would keep the lost GPU for ONNX Runtime's
 * next sessions. So releases wait for such jobs, and sessions that nobody got are released.
 */
export function guardedRuntime(name: DeviceName, runtime: OrtRuntime): OrtRuntime {
  const jobs = new Set<Promise<unknown>>();
  const track = (job: Promise<unknown>): void => {
    const ended: Promise<unknown> = job.catch(() => undefined).then(() => jobs.delete(ended));
    jobs.add(ended);
  };
  const jobsEnded = async (): Promise<void> => {
    const end = performance.now() + patience;
    while (jobs.size > 0 && performance.now() < end) {
      await Promise.race([Promise.all(jobs), new Promise((resolve) => setTimeout(resolve, 100))]);
    }
  };
  const guard = async <T>(job: () => Promise<T>): Promise<T> => {
    const { watch } = runtime;
    watch?.expectWell();
    const running = job();
    track(running);
    if (watch) return watch.during(running);
    try {
      return await running;
    } catch (error) {
      throw gpuError(name, error);
    }
  };
  return {
    ...runtime,
    async session(...args) {
      let made: Promise<OrtSession> | undefined;
      const session = await guard(() => {
        made = runtime.session(...args);
        return made;
      }).catch((error: unknown) => {
        if (made) track(made.then((unwanted) => unwanted.release()));
        throw error;
      });
      return {
        run: (feeds) => guard(() => session.run(feeds)),
        async release() {
          await jobsEnded();
          await session.release();
        },
      };
    },
    async release() {
      await jobsEnded();
      await runtime.release?.();
    },
  };
}
