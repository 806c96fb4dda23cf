/**
 * Reads small parts of a file that follow one another. While they lie near to each other more and more is fetched at once, so that
 * thousands of small entries take few reads; where they lie far apart, only what is asked for.
 */
import type { ByteSource } from '@gmlp/base/node';

export interface Window {
  /** These bytes, which hold until the next call. */
  bytes(offset: number, length: number): Promise<Uint8Array>;
}

const mostStep = 2 ** 20;

export function windowOf(source: ByteSource, start: number, end: number, signal?: AbortSignal): Window {
  let [from, held, step] = [start, new Uint8Array(), source.leastStep];
  return {
    async bytes(offset, length) {
      if (offset >= from && offset + length <= from + held.length) return held.subarray(offset - from, offset - from + length);
      const near = offset >= from && offset < from + held.length + step;
      step = near ? Math.min(2 * step, Math.max(mostStep, 8 * source.leastStep)) : source.leastStep;
      held = await source.read(offset, Math.max(length, Math.min(step, end - offset)), signal);
      from = offset;
      return held.subarray(0, length);
    },
  };
}
