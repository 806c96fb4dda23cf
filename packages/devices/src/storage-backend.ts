/** A TF.js backend that only stores: tensors of a compiled device live here between calls. */
import { GmlpError } from '@gmlp/base';
import * as tf from '@tensorflow/tfjs-core';

interface Stored {
  readonly data: Float32Array | Int32Array | Uint8Array;
  references: number;
}

export class StorageBackend extends tf.KernelBackend {
  readonly #device: string;
  readonly #stored = new Map<object, Stored>();

  constructor(device: string) {
    super();
    this.#device = device;
  }

  /** The live array behind a tensor of this backend, or undefined for a tensor of another. */
  live(dataId: object): Stored | undefined {
    return this.#stored.get(dataId);
  }

  adopt(data: Stored['data']): object {
    const dataId = {};
    this.#stored.set(dataId, { data, references: 1 });
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
    return this.adopt(TypedArray.from(values as unknown as ArrayLike<number>));
  }
  override move(dataId: object, values: tf.BackendValues, _shape: number[], _dtype: tf.DataType, references: number): void {
    this.#stored.set(dataId, { data: values as Float32Array, references });
  }
  // Copies: the live array may be updated in place by a call that it is donated to.
  override readSync(dataId: object): tf.BackendValues {
    return this.#get(dataId).data.slice();
  }
  override async read(dataId: object): Promise<tf.BackendValues> {
    return this.readSync(dataId);
  }
  override disposeData(dataId: object, force = false): boolean {
    const stored = this.#stored.get(dataId);
    if (!stored) return true;
    stored.references--;
    if (!force && stored.references > 0) return false;
    this.#stored.delete(dataId);
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
    this.#stored.clear();
  }
}
