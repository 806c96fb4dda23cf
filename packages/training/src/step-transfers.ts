/** What the steps of a training loop move between the host's memory and a device's own; not what its caller moves between them. */
import { type Device, movedBetween, type Transfers } from '@gmlp/devices';

export interface StepTransfers {
  /** The caller has the device until `resume`. */
  pause(): void;
  resume(): void;
  /** What a step moved, the mean of those since the last call; `undefined` where the device's memory is the host's. */
  take(steps: number): Transfers | undefined;
}

export function stepTransfers(device: Device): StepTransfers {
  let mark = device.transfers();
  let moved = movedBetween(mark, mark);
  return {
    pause() {
      const since = movedBetween(mark, device.transfers());
      moved = { toDevice: sum(moved.toDevice, since.toDevice), toHost: sum(moved.toHost, since.toHost) };
    },
    resume() {
      mark = device.transfers();
    },
    take(steps) {
      const { toDevice, toHost } = moved;
      moved = movedBetween(mark, mark);
      if (toDevice.arrays === 0) return undefined;
      return { toDevice: share(toDevice, steps), toHost: share(toHost, steps) };
    },
  };
}

type Sums = Transfers['toDevice'];

const sum = (one: Sums, other: Sums): Sums => ({ arrays: one.arrays + other.arrays, bytes: one.bytes + other.bytes });

const share = ({ arrays, bytes }: Sums, steps: number): Sums => ({ arrays: arrays / steps, bytes: bytes / steps });
