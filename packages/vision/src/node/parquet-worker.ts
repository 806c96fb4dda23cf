/** The thread that `parquet-thread.ts` starts: one answer a request, in their order. */
import { parentPort } from 'node:worker_threads';
import { decodeParquet, type ParquetRequest } from './parquet-decode.ts';

/** `missing`: a package that is not installed. */
export type ParquetAnswer =
  | { readonly kind: 'ready' }
  | { readonly kind: 'value'; readonly value: Awaited<ReturnType<typeof decodeParquet>> }
  | { readonly kind: 'problem'; readonly problem: string; readonly missing: boolean };

// Whoever waits for an answer counts the time from here on.
answer({ kind: 'ready' });

parentPort?.on('message', (request: ParquetRequest) => {
  decodeParquet(request).then(
    (value) => {
      const buffers = Array.isArray(value)
        ? value.flatMap((each: unknown) => (each instanceof Uint8Array ? [each.buffer as ArrayBuffer] : []))
        : [];
      answer({ kind: 'value', value }, buffers);
    },
    (cause: unknown) => {
      const { code, message } = cause as NodeJS.ErrnoException;
      answer({ kind: 'problem', problem: message, missing: code === 'ERR_MODULE_NOT_FOUND' });
    },
  );
});

function answer(message: ParquetAnswer, transfer: ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, transfer);
}
