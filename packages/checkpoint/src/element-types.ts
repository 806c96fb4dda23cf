/**
 * The element types of safetensors files and how each becomes one of ours: floats float32, integers int32 (U32 stays
 * uint32), BOOL bool. A value that does not fit is reported, never wrapped or made infinite. Types that have no like among
 * ours (complex numbers, fractions of a byte) are known by their size alone: their tensors are listed, and not read.
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

/** 8 bits as the OCP's E4M3: 1 sign, 4 exponent, 3 fraction; no infinities, and all ones is NaN. PyTorch's float8_e4m3fn. */
function float8E4M3(bits: number): number {
  const sign = bits & 0x80 ? -1 : 1;
  const exponent = (bits >> 3) & 0xf;
  const fraction = bits & 0x7;
  if (exponent === 15 && fraction === 7) return Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -9 : sign * (1 + fraction / 8) * 2 ** (exponent - 7);
}

/** 8 bits as the OCP's E5M2 are the upper half of a half float. */
const float8E5M2 = (bits: number): number => float16(bits << 8);

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
  ['F8_E4M3', converted('float32', 1, (view, byte) => float8E4M3(view.getUint8(byte)), always)],
  ['F8_E5M2', converted('float32', 1, (view, byte) => float8E5M2(view.getUint8(byte)), always)],
  ['I64', converted('int32', 8, (view, byte) => view.getBigInt64(byte, true), fitsInt32)],
  ['U64', converted('int32', 8, (view, byte) => view.getBigUint64(byte, true), fitsInt32)],
  ['I16', converted('int32', 2, (view, byte) => view.getInt16(byte, true), always)],
  ['U16', converted('int32', 2, (view, byte) => view.getUint16(byte, true), always)],
  ['I8', converted('int32', 1, (view, byte) => view.getInt8(byte), always)],
  ['U8', converted('int32', 1, (view, byte) => view.getUint8(byte), always)],
]);

/** The bits of an element of every type that the reference implementation 0.8 knows. A file may have others still. */
export const elementBits: ReadonlyMap<string, number> = new Map([
  ...[...elementTypes].map(([name, { bytes }]) => [name, 8 * bytes] as const),
  ['F4', 4],
  ['F6_E2M3', 6],
  ['F6_E3M2', 6],
  ['F8_E8M0', 8],
  ['F8_E4M3FNUZ', 8],
  ['F8_E5M2FNUZ', 8],
  ['C64', 64],
]);
