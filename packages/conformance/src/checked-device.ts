import type { Device } from '@gmlp/devices';

/** What a check of a device is given. */
export interface CheckedDevice {
  readonly device: Device;
  /** The device `tfjs-cpu`. */
  readonly reference: Device;
  /** Opens another device of the same kind. */
  readonly openAnother: () => Promise<Device>;
}
