/**
 * safetensors: named arrays in one file. An unsigned 64-bit little-endian length N, N bytes of JSON (name -> dtype, shape and
 * the range of its bytes in what follows; `__metadata__` holds strings), then the arrays' bytes without gaps.
 * The format: https://github.com/huggingface/safetensors#format
 *
 * Here the head is read: every length, range, type and name is checked before any array is.
 */
import { GmlpError, sizeOf } from '@gmlp/base';
import { elementTypes } from './element-types.ts';
import { repeatsNames } from './repeats-names.ts';

/** What the format itself allows; a longer header is refused before it is read. */
export const maximalHeaderBytes = 100_000_000;
/** The one name that no tensor may have. */
export const metadataName = '__metadata__';

/** A tensor as the header describes it. Its bytes are those from `begin` to `end`, counted from the end of the header. */
export interface TensorEntry {
  readonly name: string;
  /** The element type in the file, one of the keys of `elementTypes`. */
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

export interface SafetensorsHeader {
  /** In the order of their bytes. */
  readonly entries: readonly TensorEntry[];
  readonly metadata: Map<string, string>;
}

/** Makes the error for what is wrong with a file. */
export type Fail = (problem: string, fields?: Record<string, unknown>) => GmlpError;

/** Errors of the function `where` about the file `source`. */
export function failIn(where: string, source: string): Fail {
  return (problem, fields = {}) => new GmlpError('invalid-data', `${where}: ${source} ${problem}`, { source, ...fields });
}

/** The length of the header that the first eight bytes declare, checked against the file's length. */
export function headerLengthOf(start: Uint8Array, fileLength: number, fail: Fail): number {
  if (fileLength < 8) throw fail(`has ${fileLength} bytes, a safetensors file has at least 8`);
  const declared = new DataView(start.buffer, start.byteOffset, 8).getBigUint64(0, true);
  if (declared > BigInt(maximalHeaderBytes)) throw fail(`declares a header of ${declared} bytes, more than the format allows`);
  const length = Number(declared);
  if (8 + length > fileLength) {
    throw fail(`declares a header of ${length} bytes but ends after ${fileLength - 8}: it is cut short or not safetensors`);
  }
  return length;
}

/** Reads a header (`bytes`, without the length before it) of a file that holds `contentLength` bytes of arrays behind it. */
export function parseHeader(bytes: Uint8Array, contentLength: number, fail: Fail): SafetensorsHeader {
  const { entries, metadata } = parseJson(bytes, fail);
  entries.sort((a, b) => a.begin - b.begin || a.end - b.end);
  let expected = 0;
  for (const { name, begin, end } of entries) {
    if (begin !== expected) {
      throw fail(
        `has tensor "${name}" at byte ${begin} where ${expected} was expected: tensors may neither overlap nor leave gaps`,
        { name },
      );
    }
    expected = end;
  }
  if (expected !== contentLength) {
    throw fail(`describes ${expected} bytes of tensors but holds ${contentLength}: it is cut short or has bytes appended`);
  }
  return { entries, metadata };
}

function parseJson(bytes: Uint8Array, fail: Fail): { entries: TensorEntry[]; metadata: Map<string, string> } {
  let text: string;
  let header: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    header = JSON.parse(text);
  } catch (cause) {
    throw fail(`has a header that is not JSON: ${(cause as Error).message}`);
  }
  if (!isObject(header) || !text.startsWith('{')) throw fail('has a header that is not a JSON object');
  if (repeatsNames(text, header)) throw fail('names a tensor or a field of one twice');
  const metadata = new Map<string, string>();
  const entries: TensorEntry[] = [];
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

function parseEntry(name: string, value: unknown, fail: Fail): TensorEntry {
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
