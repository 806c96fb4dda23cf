/**
 * What MATLAB keeps in a `.mat` file of level 5, as far as tables (struct arrays) of texts and numbers go. Its format is that of
 * "MAT-File Format" by The MathWorks: elements of a type, a length and data, in multiples of 8 bytes, which may be compressed.
 */
import { GmlpError } from '@gmlp/base';

export type MatValue =
  | { readonly kind: 'numbers'; readonly values: readonly number[] }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'table'; readonly rows: readonly ReadonlyMap<string, MatValue>[] }
  | { readonly kind: 'other' };

interface Element {
  readonly type: number;
  readonly data: Uint8Array;
  /** Where the next one begins. */
  readonly end: number;
}

const [miCompressed, miMatrix] = [15, 14];
const [mxStruct, mxChar] = [2, 4];

/** The variables of a file by name. `inflate` unpacks zlib's format. */
export function readMatFile(bytes: Uint8Array, file: string, inflate: (bytes: Uint8Array) => Uint8Array): Map<string, MatValue> {
  const refuse = (problem: string): GmlpError => new GmlpError('invalid-data', `readMatFile: ${file} ${problem}`, { file });
  if (bytes.length < 128 || bytes[126] !== 0x49 || bytes[127] !== 0x4d) throw refuse('is no .mat file of level 5, little-endian');
  const variables = new Map<string, MatValue>();
  for (let at = 128; at < bytes.length; ) {
    const outer = element(bytes, at, refuse);
    const { type, data } = outer.type === miCompressed ? element(inflate(outer.data), 0, refuse) : outer;
    if (type === miMatrix) {
      const { name, value } = matrix(data, refuse, 0);
      variables.set(name, value);
    }
    at = outer.end;
  }
  return variables;
}

type Refuse = (problem: string) => GmlpError;

function element(bytes: Uint8Array, at: number, refuse: Refuse): Element {
  if (at + 8 > bytes.length) throw refuse(`ends inside an element, at byte ${at}; it is cut short or damaged`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const first = view.getUint32(at, true);
  const small = first >>> 16; // up to four bytes stand beside their type
  const length = small > 0 ? small : view.getUint32(at + 4, true);
  const start = small > 0 ? at + 4 : at + 8;
  if (small > 4 || start + length > bytes.length)
    throw refuse(`has an element of ${length} bytes at byte ${at}, where fewer are left; it is damaged`);
  const type = small > 0 ? first & 0xffff : first;
  const end = small > 0 ? at + 8 : start + length;
  return { type, data: bytes.subarray(start, start + length), end: type === miCompressed ? end : Math.ceil(end / 8) * 8 };
}

const deepest = 16;

function matrix(bytes: Uint8Array, refuse: Refuse, depth: number): { readonly name: string; readonly value: MatValue } {
  if (depth > deepest) throw refuse('has tables inside tables without end; it is damaged');
  if (bytes.length === 0) return { name: '', value: { kind: 'numbers', values: [] } };
  let at = 0;
  const next = (): Element => {
    const found = element(bytes, at, refuse);
    at = found.end;
    return found;
  };
  const kind = (next().data[0] ?? 0) & 0xff;
  const size = numbers(next(), refuse).reduce((product, length) => product * length, 1);
  const name = String.fromCharCode(...next().data);
  if (kind === mxChar) return { name, value: { kind: 'text', text: text(next(), refuse) } };
  if (kind >= 6 && kind <= 15) return { name, value: { kind: 'numbers', values: numbers(next(), refuse) } };
  if (kind !== mxStruct) return { name, value: { kind: 'other' } };
  const [width = 0] = numbers(next(), refuse);
  const names = fieldNames(next().data, width, refuse);
  // Each value takes eight bytes at least.
  if (!(size >= 0 && size * names.length * 8 <= bytes.length))
    throw refuse(`says that a table has ${size} rows, which it has no room for`);
  const rows: Map<string, MatValue>[] = [];
  for (let row = 0; row < size; row++) {
    const fields = new Map<string, MatValue>();
    for (const field of names) fields.set(field, matrix(next().data, refuse, depth + 1).value);
    rows.push(fields);
  }
  return { name, value: { kind: 'table', rows } };
}

/** Of one width each, filled up with zeros. */
function fieldNames(bytes: Uint8Array, width: number, refuse: Refuse): string[] {
  if (!(width >= 1 && width <= 1024)) throw refuse('has a table with names of no known width');
  const names: string[] = [];
  for (let at = 0; at + width <= bytes.length; at += width) {
    names.push(String.fromCharCode(...bytes.subarray(at, at + width)).replace(/\0.*$/s, ''));
  }
  return names;
}

type Get = (view: DataView, at: number) => number;

/** Bytes and reader by the number of the type: int8, uint8, int16, uint16, int32, uint32, single, double, int64, uint64. */
const numberTypes: Readonly<Record<number, readonly [bytes: number, get: Get]>> = {
  1: [1, (view, at) => view.getInt8(at)],
  2: [1, (view, at) => view.getUint8(at)],
  3: [2, (view, at) => view.getInt16(at, true)],
  4: [2, (view, at) => view.getUint16(at, true)],
  5: [4, (view, at) => view.getInt32(at, true)],
  6: [4, (view, at) => view.getUint32(at, true)],
  7: [4, (view, at) => view.getFloat32(at, true)],
  9: [8, (view, at) => view.getFloat64(at, true)],
  12: [8, (view, at) => Number(view.getBigInt64(at, true))],
  13: [8, (view, at) => Number(view.getBigUint64(at, true))],
};

function numbers({ type, data }: Element, refuse: Refuse): number[] {
  const [bytes, get] = numberTypes[type] ?? [];
  if (bytes === undefined || get === undefined) throw refuse(`has numbers of the unknown type ${type}`);
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  return Array.from({ length: Math.floor(data.length / bytes) }, (_, i) => get(view, i * bytes));
}

/** Types 16 and 17 are UTF-8 and UTF-16; others hold a UTF-16 unit a number. */
function text(found: Element, refuse: Refuse): string {
  if (found.type === 16) return new TextDecoder().decode(found.data);
  if (found.type === 17) return new TextDecoder('utf-16le').decode(found.data);
  return numbers(found, refuse)
    .map((unit) => String.fromCharCode(unit))
    .join('');
}
