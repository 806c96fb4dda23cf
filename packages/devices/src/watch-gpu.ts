/** Notices what goes wrong on a GPU: WebGPU tells it aside, by a promise and an event, and goes on without results. */
import { GmlpError } from '@gmlp/base';
import type { DeviceName } from './device.ts';

/** The part of a GPUDevice that is watched. */
export interface WatchedGpu {
  readonly lost: Promise<{ readonly reason?: string | undefined; readonly message: string }>;
  readonly queue: { onSubmittedWorkDone(): Promise<unknown> };
  addEventListener(type: 'uncapturederror', listener: (event: { readonly error: { readonly message: string } }) => void): void;
}

export interface GpuWatch {
  /** Throws the first thing that went wrong, if any did. */
  expectWell(): void;
  /** The result of a job, or what went wrong on the GPU until it was there. */
  during<T>(job: Promise<T>): Promise<T>;
}

/** Milliseconds that a failed job waits for the GPU to say that it is lost. */
const patience = 1000;

export function watchGpu(name: DeviceName, gpu: WatchedGpu): GpuWatch {
  let failure: GmlpError | undefined;
  const lost = gpu.lost.then(({ reason, message }) => {
    failure ??= lostError(name, [reason, message].filter(Boolean).join(': '));
  });
  gpu.addEventListener('uncapturederror', ({ error }) => {
    failure ??= gpuError(name, error, error.constructor.name);
  });
  const expectWell = (): void => {
    if (failure) throw failure;
  };
  return {
    expectWell,
    async during(job) {
      job.catch(() => undefined); // told below, or what went wrong on the GPU is
      expectWell();
      try {
        const result = await Promise.race([job, lost.then(expectWell) as Promise<never>]);
        await Promise.race([gpu.queue.onSubmittedWorkDone(), lost]);
        expectWell();
        return result;
      } catch (error) {
        await Promise.race([lost, new Promise((resolve) => setTimeout(resolve, failure ? 0 : patience))]);
        expectWell();
        throw gpuError(name, error);
      }
    },
  };
}

function lostError(name: DeviceName, message: string): GmlpError {
  return new GmlpError('device-lost', `device ${name}: it was lost (${message}), and what was on it is gone; open it again`, {
    device: name,
  });
}

/** What a GPU or its runtime threw, as an error of ours with its message; errors of ours stay as they are. */
export function gpuError(name: DeviceName, error: unknown, kind = ''): GmlpError {
  if (GmlpError.isInstance(error)) return error;
  const message = error instanceof Error || (error as { message?: unknown })?.message ? (error as Error).message : String(error);
  const brief = message.trim().split('\n').slice(0, 3).join(' ').slice(0, 500);
  if (/\bdevice\b.*\blost\b|\blost\b.*\bdevice\b|device was destroyed/i.test(message)) return lostError(name, brief);
  const full =
    kind === 'GPUOutOfMemoryError' ||
    /out.of.(device.|host.)?memory|bad.?alloc|failed to allocate|allocation (failed|size)|max buffer size|Invalid Buffer|would require more than/i.test(
      message,
    );
  return full
    ? new GmlpError(
        'out-of-memory',
        `device ${name}: its memory is not enough (${brief}); take smaller batches or a smaller model, and open it again`,
        { device: name },
        { cause: error },
      )
    : new GmlpError('device-failure', `device ${name}: it failed (${brief}); open it again`, { device: name }, { cause: error });
}
