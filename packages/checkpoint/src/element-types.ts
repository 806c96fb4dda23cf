/**
 * The element types of safetensors files and how each becomes one of ours: floats float32, integers int32 (U32 stays
 * uint32), BOOL bool. A value that does not fit is reported, never wrapped or made infinite.
 */
import type { DType, TypedArrayOf } from '@gmlp/base';

export type Values = TypedArrayOf[DType];

export interface RefusedElement {
  readonly index: number;
  readonly value: number | bigint;
}

export interface ElementType {
  readonly dtype: DType;
  /** Of an element in the file. */
  readonly bytes: number;
  /** Puts the elements in `view` into `values` from `start` on, and gives the first that does not fit. Absent when the bytes are ours as they are. */
  readonly convert?: (view: DataView, values: Values, start: number) => RefusedElement | undefined;
}

type At = (view: DataView, byte: number) => number | bigint;

function converted(dtype: DType, bytes: number, at: At, fits: (value: number | bigint) => boolean): ElementType {
  return {
    dtype,
    bytes,
    convert(view, values, start) {
      const count = view.byteLength / bytes;
      for (let index = 0; index < count; index++) {
        const value = at(view, index * bytes);
        if (!fits(value)) return { index: start + index, value };
        values[start + index] = Number(value);
      }
      return undefined;
    },
  };
}

/** Types whose bytes are ours as they are: every platform that runs JavaScript is little-endian. */
const asIs = (dtype: DType): ElementType => ({ dtype, bytes: 4 });

/** Puts the elements in `bytes` into `values` from `start` on, and gives the first that does not fit. */
export function putElements(type: ElementType, bytes: Uint8Array, values: Values, start: number): RefusedElement | undefined {
  if (type.convert) return type.convert(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), values, start);
  bytesOf(values).set(bytes, start * type.bytes);
  return undefined;
}

/** The memory of an array, not copied. */
export const bytesOf = (data: ArrayBufferView): Uint8Array => new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

const always = (): boolean => true;
const fitsInt32 = (value: number | bigint): boolean => value >= -(2 ** 31) && value < 2 ** 31;
/** Infinities and NaN are kept as they are; a finite number must stay finite. */
const fitsFloat32 = (value: number | bigint): boolean => !Number.isFinite(value) || Number.isFinite(Math.fround(Number(value)));

/** IEEE 754 half precision: 1 sign, 5 exponent, 10 fraction bits. */
export function float16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const word = new DataView(new ArrayBuffer(4));

/** bfloat16 is the upper half of a float32. */
export function bfloat16(bits: number): number {
  word.setUint32(0, bits << 16);
  return word.getFloat32(0);
}

export const elementTypes: ReadonlyMap<string, ElementType> = new Map<string, ElementType>([
  ['F32', asIs('float32')],
  ['I32', asIs('int32')],
  ['U32', asIs('uint32')],
  [
    'BOOL',
    converted(
      'bool',
      1,
      (view, byte) => view.getUint8(byte),
      (value) => value === 0 || value === 1,
    ),
  ],
  ['F64', converted('float32', 8, (view, byte) => view.getFloat64(byte, true), fitsFloat32)],
  ['F16', converted('float32', 2, (view, byte) => float16(view.getUint16(byte, true)), always)],
  ['BF16', converted('float32', 2, (view, byte) => bfloat16(view.getUint16(byte, true)), always)],
  ['I64', converted('int32', 8, (view, byte) => view.getBigInt64(byte, true), fitsInt32)],
  ['U64', converted('int32', 8, (view, byte) => view.getBigUint64(byte, true), fitsInt32)],
  ['I16', converted('int32', 2, (view, byte) => view.getInt16(byte, true), always)],
  ['U16', converted('int32', 2, (view, byte) => view.getUint16(byte, true), always)],
  ['I8', converted('int32', 1, (view, byte) => view.getInt8(byte), always)],
  ['U8', converted('int32', 1, (view, byte) => view.getUint8(byte), always)],
]);
