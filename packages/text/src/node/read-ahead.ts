/**
 * A file from its beginning to its end, in large steps: while one is used the next is read, so that neither a disk nor a network is
 * waited for in each small read. Two steps are held at most.
 */
import type { ByteSource } from '@gmlp/base/node';
import type { Readable } from './gunzip-members.ts';

export interface ReadAhead extends Readable {
  /** Ends what is being read ahead; the source stays open. */
  stop(): void;
}

interface Step {
  readonly start: number;
  readonly end: number;
  readonly bytes: Promise<Uint8Array>;
}

const leastStep = 2 ** 18;

/** `onBytes` hears how many bytes of the file were reached. */
export function readAhead(source: ByteSource, onBytes: (reached: number) => void = () => {}): ReadAhead {
  const size = Math.max(leastStep, 4 * source.leastStep);
  const stopping = new AbortController();
  const begin = (start: number): Step => {
    const end = Math.min(start + size, source.size);
    const bytes = source.read(start, end - start, stopping.signal);
    bytes.catch(() => undefined); // who waits for it hears of it; perhaps nobody does
    return { start, end, bytes };
  };
  let [step, next]: [Step | undefined, Step | undefined] = [undefined, undefined];

  return {
    async read(into, offset, length, position) {
      if (position >= source.size || length === 0) return { bytesRead: 0 };
      if (step === undefined || position < step.start || position >= step.end) {
        step = next !== undefined && position >= next.start && position < next.end ? next : begin(position);
        next = step.end < source.size ? begin(step.end) : undefined;
      }
      const bytes = await step.bytes;
      const taken = Math.min(length, step.end - position);
      into.set(bytes.subarray(position - step.start, position - step.start + taken), offset);
      onBytes(position + taken);
      return { bytesRead: taken };
    },
    stop: () => stopping.abort(),
  };
}
