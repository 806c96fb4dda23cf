/** How a device is opened, and what is told of one that cannot be. */
import { GmlpError } from '@gmlp/base';
import type { Device, DeviceName } from './device.ts';

export interface Opener {
  readonly name: DeviceName;
  /** The packages to install for it. */
  readonly packages: readonly string[];
  /** The name of the software that plays its GPU, if it has no real one; undefined also where nobody knows. */
  readonly software?: () => Promise<string | undefined>;
  /**
   * Throws what keeps it from being opened, as far as that is known without fetching a runtime. It comes before `open`; of a device
   * without it, a probe is to open it.
   */
  readonly probe?: () => Promise<void>;
  /** Throws `unavailable`, or what importing its packages throws. */
  open(): Promise<Device>;
  /** What holds it back here although it works, and the command or setting that helps. */
  readonly remark?: () => { readonly reason: string; readonly fix: string } | undefined;
}

/** Why a device does not work here, in a line, and the command that would help. */
export function unavailable(reason: string, fix?: string): GmlpError {
  return new GmlpError('device-unavailable', reason, fix === undefined ? {} : { fix });
}
