import type { Device, Transfers } from '@gmlp/devices';
import { expect, it } from 'vitest';
import { stepTransfers } from './step-transfers.ts';

function counted(): { readonly device: Device; move(written: number, read: number): void } {
  let sums: Transfers = { toDevice: { arrays: 0, bytes: 0 }, toHost: { arrays: 0, bytes: 0 } };
  return {
    device: { transfers: () => sums } as Device,
    move(written, read) {
      const { toDevice, toHost } = sums;
      sums = {
        toDevice: { arrays: toDevice.arrays + 1, bytes: toDevice.bytes + written },
        toHost: { arrays: toHost.arrays + 1, bytes: toHost.bytes + read },
      };
    },
  };
}

it('is the mean of the steps, without what the caller moves between them', () => {
  const { device, move } = counted();
  move(1e6, 0); // the parameters, before the loop
  const transfers = stepTransfers(device);
  for (let step = 0; step < 2; step++) {
    move(100 + step, 4);
    transfers.pause();
    move(5, 1e6); // an evaluation
    transfers.resume();
  }
  expect(transfers.take(2)).toEqual({ toDevice: { arrays: 1, bytes: 100.5 }, toHost: { arrays: 1, bytes: 4 } });
  move(7, 4);
  transfers.pause();
  expect(transfers.take(1)).toEqual({ toDevice: { arrays: 1, bytes: 7 }, toHost: { arrays: 1, bytes: 4 } });
});

it('is nothing where the memory of the device is the host\u2019s', () => {
  const transfers = stepTransfers(counted().device);
  transfers.pause();
  expect(transfers.take(1)).toBeUndefined();
});
