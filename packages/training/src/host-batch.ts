/** Batches on their way to a device. */
import type { Host } from '@gmlp/devices';

export interface HostBatch<B = unknown, About = unknown> {
  /** Goes to the device. */
  readonly tensors: Host<B>;
  /** How many tokens, images or examples it holds: what the pace counts. */
  readonly units: number;
  /** Stays on the host, for the figures: gold answers, offsets, ids. Plain data, as it crosses threads. */
  readonly about: About;
}

/** Batches, endless or not. */
export type HostBatches<B = unknown, About = unknown> = AsyncIterable<HostBatch<B, About>> | Iterable<HostBatch<B, About>>;

/** Trees of host arrays as batches of which nothing stays on the host; `units` counts what one holds. */
export async function* hostBatches<T>(
  trees: AsyncIterable<T> | Iterable<T>,
  units: (tree: T) => number,
): AsyncGenerator<{ readonly tensors: T; readonly units: number; readonly about: undefined }, void, void> {
  for await (const tensors of trees) yield { tensors, units: units(tensors), about: undefined };
}
