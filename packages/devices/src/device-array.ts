/** The arrays of a compiled device: in the host's memory, or on a GPU. */
import type { DType, TypedArrayOf } from '@gmlp/base';
import type { OrtTensor } from './ort-runtime.ts';

export type HostData = TypedArrayOf['float32'] | TypedArrayOf['int32'] | TypedArrayOf['bool'];

/** An array, and who holds it: tensors, and calls that have not run yet. What is on a GPU is never overwritten. */
export interface DeviceArray {
  readonly dtype: DType;
  data: HostData | OrtTensor;
  holders: number;
  /** Calls that have read it from the host's memory. */
  reads: number;
  /** Called when it is freed on a GPU. */
  readonly freed?: () => void;
}

export function isOnHost(data: DeviceArray['data']): data is HostData {
  return ArrayBuffer.isView(data);
}

/** An array that its maker holds. */
export function deviceArray(dtype: DType, data: DeviceArray['data'], freed?: () => void): DeviceArray {
  return { dtype, data, holders: 1, reads: 0, ...(freed && { freed }) };
}

export function hold(array: DeviceArray): DeviceArray {
  array.holders++;
  return array;
}

/** The last to let go frees the GPU's memory. */
export function letGo(array: DeviceArray): void {
  array.holders--;
  if (array.holders > 0 || isOnHost(array.data)) return;
  array.data.dispose();
  array.freed?.();
}
