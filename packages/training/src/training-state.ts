/** What a run of training is at any moment, on a device or on the host (to be saved, and to go on from bit for bit). */
import type { Device, Host } from '@gmlp/devices';

interface Trees<P, S> {
  params: P;
  optimiser: S;
}

/** `trainSteps` replaces its fields; they hold live tensors whenever the loop is left. */
export interface TrainingState<P, S> extends Trees<P, S> {
  /** Steps done. */
  step: number;
  /** The steps since the last record and the sum of their losses: the next record is their mean, also after a break. */
  unrecorded?: { readonly steps: number; readonly losses: number };
}

/** The same with host arrays in the place of tensors. */
export type HostTrainingState<P, S> = TrainingState<Host<P>, Host<S>>;

/** Copies a state to the host; later steps do not change the copy. */
export async function readState<P, S>(
  device: Device,
  { step, unrecorded, ...trees }: TrainingState<P, S>,
): Promise<HostTrainingState<P, S>> {
  const { params, optimiser } = await device.read<Trees<P, S>>(trees);
  return { params, optimiser, step, ...(unrecorded && { unrecorded }) };
}

/** Copies a state to a device: the inverse of `readState`. */
export function putState<P, S>(device: Device, { step, unrecorded, ...trees }: HostTrainingState<P, S>): TrainingState<P, S> {
  const { params, optimiser } = device.put<Trees<P, S>>(trees);
  return { params, optimiser, step, ...(unrecorded && { unrecorded }) };
}
