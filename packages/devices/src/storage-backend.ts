/** A TF.js backend that only stores: tensors of a compiled device live here between calls. */
import { type DType, GmlpError } from '@gmlp/base';
import * as tf from '@tensorflow/tfjs-core';
import { type DeviceArray, deviceArray, type HostData, isOnHost, letGo } from './device-array.ts';

interface Stored {
  readonly array: DeviceArray;
  references: number;
}

/** Where a device's tensors are read when they may be on a GPU. */
export type ReadArray = (array: DeviceArray) => Promise<HostData>;

export class StorageBackend extends tf.KernelBackend {
  readonly #device: string;
  readonly #read: ReadArray | undefined;
  readonly #stored = new Map<object, Stored>();

  /** `read` for a device whose arrays may be on a GPU: they cannot be read at once then. */
  constructor(device: string, read?: ReadArray) {
    super();
    this.#device = device;
    this.#read = read;
  }

  /** The live array behind a tensor of this backend, or undefined for a tensor of another. */
  live(dataId: object): Stored | undefined {
    return this.#stored.get(dataId);
  }

  /** A new data id, which holds the array from now on. */
  adopt(array: DeviceArray): object {
    const dataId = {};
    this.#stored.set(dataId, { array, references: 1 });
    return dataId;
  }

  #get(dataId: object): Stored {
    const stored = this.#stored.get(dataId);
    if (!stored)
      throw new GmlpError('disposed', `device ${this.#device}: the tensor's data was disposed or belongs to a closed device`);
    return stored;
  }

  override write(values: tf.BackendValues, _shape: number[], dtype: tf.DataType): tf.DataId {
    const TypedArray = dtype === 'float32' ? Float32Array : dtype === 'int32' ? Int32Array : Uint8Array;
    return this.adopt(deviceArray(dtype as DType, TypedArray.from(values as unknown as ArrayLike<number>)));
  }
  override move(dataId: object, values: tf.BackendValues, _shape: number[], dtype: tf.DataType, references: number): void {
    this.#stored.set(dataId, { array: deviceArray(dtype as DType, values as Float32Array), references });
  }
  // Copies: the live array may be updated in place by a call that it is donated to.
  override readSync(dataId: object): tf.BackendValues {
    const { data } = this.#get(dataId).array;
    if (this.#read || !isOnHost(data)) {
      throw new GmlpError(
        'invalid-argument',
        `device ${this.#device}: its tensors cannot be read at once; await its read(tensor), or tensor.data()`,
      );
    }
    return data.slice();
  }
  override async read(dataId: object): Promise<tf.BackendValues> {
    return this.#read ? this.#read(this.#get(dataId).array) : this.readSync(dataId);
  }
  override disposeData(dataId: object, force = false): boolean {
    const stored = this.#stored.get(dataId);
    if (!stored) return true;
    stored.references--;
    if (!force && stored.references > 0) return false;
    this.#stored.delete(dataId);
    letGo(stored.array);
    return true;
  }
  override incRef(dataId: object): void {
    this.#get(dataId).references++;
  }
  override refCount(dataId: object): number {
    return this.#stored.get(dataId)?.references ?? 0;
  }
  override numDataIds(): number {
    return this.#stored.size;
  }
  override memory(): { unreliable: boolean } {
    return { unreliable: false };
  }
  override floatPrecision(): 16 | 32 {
    return 32;
  }
  override epsilon(): number {
    return 1e-7;
  }
  override timerAvailable(): boolean {
    return false;
  }
  override dispose(): void {
    for (const { array } of this.#stored.values()) letGo(array);
    this.#stored.clear();
  }
}
