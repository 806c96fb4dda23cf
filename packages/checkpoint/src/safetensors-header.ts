/**
 * safetensors: named arrays in one file. An unsigned 64-bit little-endian length N, N bytes of JSON (name -> dtype, shape and
 * the range of its bytes in what follows; `__metadata__` holds strings), then the arrays' bytes without gaps.
 * The format: https://github.com/huggingface/safetensors#format
 *
 * Here the head is read: every length, range, type and name is checked before any array is.
 */
import { GmlpError, sizeOf } from '@gmlp/base';
import { elementBits } from './element-types.ts';
import { type JsonScanner, jsonScanner } from './json-scanner.ts';
import { quoted } from './quoted.ts';

/** What the format itself allows; a longer header is refused before it is read. */
export const maximalHeaderBytes = 100_000_000;
/** Some times what the largest models have in all their files. Each takes some hundred bytes of memory, so a header alone could fill it. */
export const mostTensors: number = 2 ** 18;
/** The one name that no tensor may have. */
export const metadataName = '__metadata__';

/** A tensor as the header describes it. Its bytes are those from `begin` to `end`, counted from the end of the header. */
export interface TensorEntry {
  readonly name: string;
  /** The element type in the file, also one that is not read (`elementTypes` has those that are). */
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
        `has tensor ${quoted(name)} at byte ${begin} where ${expected} was expected: tensors may neither overlap nor leave gaps`,
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

/** More axes than PyTorch or NumPy can have. */
const maximalAxes = 64;

function parseJson(bytes: Uint8Array, fail: Fail): { entries: TensorEntry[]; metadata: Map<string, string> } {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw fail(`has a header that is not JSON: ${(cause as Error).message}`);
  }
  if (!text.startsWith('{')) throw fail('has a header that is not a JSON object');
  const json = jsonScanner(text, (problem) => fail(`has a header that ${problem}`));
  const names = new Set<string>();
  const entries: TensorEntry[] = [];
  let metadata = new Map<string, string>();
  json.object((name) => {
    if (names.has(name)) throw fail(`names ${quoted(name)} twice`, { name });
    if (names.size >= mostTensors) throw fail(`names more than ${mostTensors} tensors, which no model has`);
    names.add(name);
    if (name === metadataName) metadata = parseMetadata(json, fail);
    else entries.push(parseEntry(name, json, fail));
  });
  json.end();
  return { entries, metadata };
}

/** Strings by name; `null`, as some writers put it, is as good as none. */
function parseMetadata(json: JsonScanner, fail: Fail): Map<string, string> {
  const metadata = new Map<string, string>();
  if (json.takesNull()) return metadata;
  if (json.next() !== 'object') throw fail(`has a ${metadataName} that is not an object`);
  json.object((field) => {
    if (metadata.size >= mostTensors) throw fail(`has a ${metadataName} of more than ${mostTensors} texts`);
    if (metadata.has(field)) throw fail(`names ${quoted(field)} in its ${metadataName} twice`);
    if (json.next() !== 'string') throw fail(`has metadata ${quoted(field)} that is not a string`);
    metadata.set(field, json.string());
  });
  return metadata;
}

function parseEntry(name: string, json: JsonScanner, fail: Fail): TensorEntry {
  const problem = (text: string): GmlpError => fail(`has tensor ${quoted(name)} ${text}`, { name });
  if (json.next() !== 'object') throw fail(`describes tensor ${quoted(name)} by something else than an object`, { name });
  let dtype: string | undefined;
  let shape: readonly number[] | undefined;
  let offsets: readonly number[] | undefined;
  const once = <Value>(earlier: Value | undefined, field: string, value: Value | undefined, otherwise: string): Value => {
    if (earlier !== undefined) throw problem(`whose ${field} is named twice`);
    if (value === undefined) throw problem(otherwise);
    return value;
  };
  const noType = 'whose dtype is not a string';
  const noShape = `with a shape that is not a list of extents, at most ${maximalAxes}`;
  const noOffsets = 'whose data_offsets are not [begin, end]';
  json.object((field) => {
    if (field === 'dtype') dtype = once(dtype, field, json.next() === 'string' ? json.string() : undefined, noType);
    else if (field === 'shape') shape = once(shape, field, json.counts(maximalAxes), noShape);
    else if (field === 'data_offsets') offsets = once(offsets, field, json.counts(2), noOffsets);
    else json.skip();
  });
  if (dtype === undefined) throw problem(noType);
  if (shape === undefined) throw problem(noShape);
  const [begin, end] = offsets ?? [];
  if (begin === undefined || end === undefined || begin > end) throw problem(noOffsets);
  const bits = elementBits.get(dtype);
  const needed = bits === undefined ? undefined : (sizeOf(shape) * bits) / 8;
  if (needed !== undefined && end - begin !== needed) {
    throw fail(
      `has tensor ${quoted(name)}: shape [${shape.join(', ')}] of ${dtype} needs ${needed} bytes, the header gives ${end - begin}`,
      { name },
    );
  }
  return { name, dtype, shape, begin, end };
}
