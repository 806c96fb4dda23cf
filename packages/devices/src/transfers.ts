/** How many arrays went one way, and how many bytes. */
export interface Moved {
  readonly arrays: number;
  readonly bytes: number;
}

/** What went between the host's memory and a device's own since it was opened. */
export interface Transfers {
  readonly toDevice: Moved;
  readonly toHost: Moved;
}

/** What went each way between two sums of a device. */
export function movedBetween(before: Transfers, after: Transfers): Transfers {
  const moved = (way: keyof Transfers): Moved => ({
    arrays: after[way].arrays - before[way].arrays,
    bytes: after[way].bytes - before[way].bytes,
  });
  return { toDevice: moved('toDevice'), toHost: moved('toHost') };
}

export interface TransferCounter {
  count(way: keyof Transfers, bytes: number): void;
  /** The sums so far; later transfers do not change them. */
  sums(): Transfers;
}

export function transferCounter(): TransferCounter {
  let sums: Transfers = { toDevice: { arrays: 0, bytes: 0 }, toHost: { arrays: 0, bytes: 0 } };
  return {
    count(way, bytes) {
      const { arrays, bytes: before } = sums[way];
      sums = { ...sums, [way]: { arrays: arrays + 1, bytes: before + bytes } };
    },
    sums: () => sums,
  };
}
