/**
 * safetensors: named arrays in one file. An unsigned 64-bit little-endian length N, N bytes of JSON (name -> dtype, shape and
 * the range of its bytes in what follows; `__metadata__` holds strings), then the arrays' bytes without gaps.
 * The format: https://github.com/huggingface/safetensors#format
 */
import { type DType, GmlpError, type HostArray, hostArray, sizeOf } from '@gmlp/base';
import { elementTypes } from './element-types.ts';

export interface SafetensorsFile {
  readonly tensors: Map<string, HostArray>;
  readonly metadata: Map<string, string>;
}

/** What the format itself allows; a longer header is refused before it is read. */
const maximalHeaderBytes = 100_000_000;
const metadataName = '__metadata__';

// The order of the reference implementation: wider and floating types first, then by name, so equal content gives equal bytes.
const written: readonly { readonly dtype: DType; readonly name: string }[] = [
  { dtype: 'float32', name: 'F32' },
  { dtype: 'uint32', name: 'U32' },
  { dtype: 'int32', name: 'I32' },
  { dtype: 'bool', name: 'BOOL' },
];

/** The bytes of a safetensors file. The same tensors and metadata give the same bytes, whatever the order of the map. */
export function encodeSafetensors(
  tensors: ReadonlyMap<string, HostArray>,
  metadata: ReadonlyMap<string, string> = new Map(),
): Uint8Array<ArrayBuffer> {
  const rank = (array: HostArray): number => written.findIndex((entry) => entry.dtype === array.dtype);
  const sorted = [...tensors].sort(([a, x], [b, y]) => rank(x) - rank(y) || (a < b ? -1 : 1));
  const entries: [string, unknown][] = metadata.size > 0 ? [[metadataName, Object.fromEntries(metadata)]] : [];
  let end = 0;
  for (const [name, array] of sorted) {
    if (name === metadataName) {
      throw new GmlpError(
        'invalid-argument',
        `encodeSafetensors: "${metadataName}" is reserved by the format, name the tensor otherwise`,
      );
    }
    hostArray(array.dtype, array.shape, array.data as never); // the data fills the shape
    const begin = end;
    end += array.data.byteLength;
    entries.push([name, { dtype: written[rank(array)]!.name, shape: array.shape, data_offsets: [begin, end] }]);
  }
  // Written entry by entry: an object literal would lose a tensor named __proto__ and reorder names such as "7".
  const json = `{${entries.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',')}}`;
  const header = new TextEncoder().encode(json);
  const headerLength = Math.ceil(header.length / 8) * 8; // padded with spaces, so that the arrays are aligned
  const bytes = new Uint8Array(8 + headerLength + end);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerLength), true);
  bytes.fill(0x20, 8, 8 + headerLength);
  bytes.set(header, 8);
  let at = 8 + headerLength;
  for (const [, { data }] of sorted) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return bytes;
}

interface Entry {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

/**
 * Reads the bytes of a safetensors file from anywhere: every length, range, type and name is checked before use. Half, brain
 * and double floats become float32, other integers int32, both refused when a value does not fit. `source` names the file in errors.
 */
export function decodeSafetensors(bytes: Uint8Array, source = 'the file'): SafetensorsFile {
  const fail = (problem: string, fields: Record<string, unknown> = {}): GmlpError =>
    new GmlpError('invalid-data', `decodeSafetensors: ${source} ${problem}`, { source, ...fields });
  if (bytes.length < 8) throw fail(`has ${bytes.length} bytes, a safetensors file has at least 8`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const declared = view.getBigUint64(0, true);
  if (declared > BigInt(maximalHeaderBytes)) throw fail(`declares a header of ${declared} bytes, more than the format allows`);
  const headerLength = Number(declared);
  if (8 + headerLength > bytes.length) {
    throw fail(
      `declares a header of ${headerLength} bytes but ends after ${bytes.length - 8}: it is cut short or not safetensors`,
    );
  }
  const { entries, metadata } = parseHeader(bytes.subarray(8, 8 + headerLength), fail);

  // A plain view: slice() of Node's Buffer, which is a Uint8Array too, would not copy.
  const content = new Uint8Array(bytes.buffer, bytes.byteOffset + 8 + headerLength, bytes.length - 8 - headerLength);
  let expected = 0;
  for (const { name, begin, end } of [...entries].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== expected) {
      throw fail(
        `has tensor "${name}" at byte ${begin} where ${expected} was expected: tensors may neither overlap nor leave gaps`,
        { name },
      );
    }
    expected = end;
  }
  if (expected !== content.length) {
    throw fail(`describes ${expected} bytes of tensors but holds ${content.length}: it is cut short or has bytes appended`);
  }

  const tensors = new Map<string, HostArray>();
  for (const { name, dtype, shape, begin, end } of entries) {
    const type = elementTypes.get(dtype)!;
    // Copied: the bytes may lie at an odd address, and the caller may reuse them.
    const data = type.read(new DataView(content.slice(begin, end).buffer), sizeOf(shape));
    if (data.refused !== undefined) {
      throw fail(
        `has tensor "${name}" of ${dtype} whose element ${data.refused.index} is ${data.refused.value}: not a ${type.dtype}`,
        { name },
      );
    }
    tensors.set(name, hostArray(type.dtype, shape, data.values as never));
  }
  return { tensors, metadata };
}

type Fail = (problem: string, fields?: Record<string, unknown>) => GmlpError;

function parseHeader(bytes: Uint8Array, fail: Fail): { entries: Entry[]; metadata: Map<string, string> } {
  let text: string;
  let header: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    header = JSON.parse(text);
  } catch (cause) {
    throw fail(`has a header that is not JSON: ${(cause as Error).message}`);
  }
  if (!isObject(header) || !text.startsWith('{')) throw fail('has a header that is not a JSON object');
  if (namesWritten(text) !== namesKept(header)) throw fail('names a tensor or a field of one twice');
  const metadata = new Map<string, string>();
  const entries: Entry[] = [];
  for (const [name, value] of Object.entries(header)) {
    if (name === metadataName) {
      if (!isObject(value)) throw fail(`has a ${metadataName} that is not an object`);
      for (const [field, content] of Object.entries(value)) {
        if (typeof content !== 'string') throw fail(`has metadata "${field}" that is not a string`);
        metadata.set(field, content);
      }
    } else {
      entries.push(parseEntry(name, value, fail));
    }
  }
  return { entries, metadata };
}

function parseEntry(name: string, value: unknown, fail: Fail): Entry {
  if (!isObject(value)) throw fail(`describes tensor "${name}" by something else than an object`, { name });
  // Own properties only: `__proto__` in the JSON must not lend it any.
  const field = (key: string): unknown => (Object.hasOwn(value, key) ? value[key] : undefined);
  const dtype = field('dtype');
  const type = typeof dtype === 'string' ? elementTypes.get(dtype) : undefined;
  if (typeof dtype !== 'string' || type === undefined) {
    const known = [...elementTypes.keys()].join(', ');
    throw fail(
      `has tensor "${name}" of type ${typeof dtype === 'string' ? JSON.stringify(dtype) : typeof dtype}; known are ${known}`,
      { name },
    );
  }
  const shape = field('shape');
  if (!isCounts(shape)) throw fail(`has tensor "${name}" with a shape that is not a list of extents`, { name });
  const offsets = field('data_offsets');
  if (!isCounts(offsets) || offsets.length !== 2 || offsets[0]! > offsets[1]!) {
    throw fail(`has tensor "${name}" whose data_offsets are not [begin, end]`, { name });
  }
  const [begin, end] = offsets as [number, number];
  const needed = sizeOf(shape) * type.bytes;
  if (end - begin !== needed) {
    throw fail(
      `has tensor "${name}": shape [${shape.join(', ')}] of ${dtype} needs ${needed} bytes, the header gives ${end - begin}`,
      { name },
    );
  }
  return { name, dtype, shape, begin, end };
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isCounts = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0);

const colon = /\s*:/y;

/** JSON.parse keeps the last of two equal names; comparing these two counts finds that. `text` is valid JSON. */
function namesWritten(text: string): number {
  let count = 0;
  let close = -1;
  for (let open = text.indexOf('"'); open >= 0; open = text.indexOf('"', close + 1)) {
    close = text.indexOf('"', open + 1);
    while (isEscaped(text, close)) close = text.indexOf('"', close + 1);
    colon.lastIndex = close + 1;
    if (colon.test(text)) count++;
  }
  return count;
}

/** Behind an odd number of backslashes. */
function isEscaped(text: string, at: number): boolean {
  let start = at;
  while (text[start - 1] === '\\') start--;
  return (at - start) % 2 === 1;
}

/** Without recursion: hostile headers nest deeper than the stack. */
function namesKept(header: object): number {
  let count = 0;
  const pending: object[] = [header];
  for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
    const children: unknown[] = Object.values(value);
    if (!Array.isArray(value)) count += children.length;
    for (const child of children) if (typeof child === 'object' && child !== null) pending.push(child);
  }
  return count;
}
