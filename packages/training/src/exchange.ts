/** Where gradients and figures of several processes that train one model come together; `alone` is one process by itself. */
import type { Device } from '@gmlp/devices';

export interface Exchange {
  readonly rank: number;
  readonly size: number;
  /** The sum over all ranks, the same bits on each. Consumes the tree. */
  sum<T>(device: Device, tree: T): Promise<T>;
  /** The plain values of all ranks, by rank. */
  gather<T>(value: T): Promise<readonly T[]>;
}

export const alone: Exchange = {
  rank: 0,
  size: 1,
  sum: async (_, tree) => tree,
  gather: async (value) => [value],
};
