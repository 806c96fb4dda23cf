/**
 * safetensors files on the disk, of any size. Reading takes the memory of the tensors that it gives and a few megabytes more:
 * the header is read and checked first, then each tensor goes from its place in the file into its own array. Writing takes a
 * few megabytes: arrays are written as they lie in memory.
 */
import { allocate, type HostArray, hostArray, sizeOf } from '@gmlp/base';
import { refusedElement, type SafetensorsFile, typeOf } from '../decode-safetensors.ts';
import { bytesOf, putElements } from '../element-types.ts';
import { safetensorsParts } from '../encode-safetensors.ts';
import {
  type Fail,
  failIn,
  headerLengthOf,
  parseHeader,
  type SafetensorsHeader,
  type TensorEntry,
} from '../safetensors-header.ts';
import { type FileOptions, type FileSystem, nodeFileSystem, type OpenFile } from './file-system.ts';
import { pieceBytes, readFully, readThrough, withFile } from './with-file.ts';
import { writeFileAtomically } from './write-file-atomically.ts';

export interface ReadTensorsOptions extends FileOptions {
  /** Which tensors are read, by name; the others' bytes are not touched. All unless given. */
  readonly only?: (name: string) => boolean;
}

/** What a header says of a tensor. */
export interface TensorSummary {
  /** The element type in the file: F32, BF16, I64 and so on; also one that is not read, such as F4 or C64. */
  readonly dtype: string;
  readonly shape: readonly number[];
  /** In the file. */
  readonly bytes: number;
}

/** Reads a file. Numbers are converted and refused as by `decodeSafetensors`. */
export async function readSafetensorsFile(
  path: string,
  { fileSystem = nodeFileSystem, only = () => true }: ReadTensorsOptions = {},
): Promise<SafetensorsFile> {
  return withSafetensors(fileSystem, path, 'readSafetensorsFile', async ({ header, read }) => {
    const tensors = new Map<string, HostArray>();
    for (const entry of header.entries) if (only(entry.name)) tensors.set(entry.name, await read(entry));
    return { tensors, metadata: header.metadata };
  });
}

/** Reads the names, types and shapes in a file, and its metadata: no tensor. */
export async function inspectSafetensorsFile(
  path: string,
  { fileSystem = nodeFileSystem }: FileOptions = {},
): Promise<{ readonly tensors: Map<string, TensorSummary>; readonly metadata: Map<string, string> }> {
  return withSafetensors(fileSystem, path, 'inspectSafetensorsFile', async ({ header: { entries, metadata } }) => ({
    tensors: new Map(entries.map((entry) => [entry.name, summaryOf(entry)])),
    metadata,
  }));
}

export const summaryOf = ({ dtype, shape, begin, end }: TensorEntry): TensorSummary => ({ dtype, shape, bytes: end - begin });

/** Writes a file under a temporary name, flushes it and renames it. The arrays must stay unchanged until the promise settles. */
export async function writeSafetensorsFile(
  path: string,
  tensors: ReadonlyMap<string, HostArray>,
  { metadata, ...options }: FileOptions & { readonly metadata?: ReadonlyMap<string, string> } = {},
): Promise<void> {
  await writeFileAtomically(path, safetensorsParts(tensors, metadata), options);
}

export interface OpenSafetensors {
  readonly header: SafetensorsHeader;
  /** Reads one tensor of the header. */
  read(entry: TensorEntry): Promise<HostArray>;
  /** Shows one tensor's bytes to `seen`, and keeps none of them. */
  pass(entry: TensorEntry): Promise<void>;
}

/** Opens a file for `use`, with its header checked. `seen` is shown every piece that is read, in the order of reading. */
export async function withSafetensors<Result>(
  fileSystem: FileSystem,
  path: string,
  where: string,
  use: (opened: OpenSafetensors) => Promise<Result>,
  seen?: (piece: Uint8Array) => void,
): Promise<Result> {
  const fail = failIn(where, path);
  return withFile(fileSystem, path, where, async (file, size) => {
    const length = headerLengthOf(await readFully(file, new Uint8Array(Math.min(8, size)), 0, seen), size, fail);
    const start = 8 + length;
    const header = parseHeader(await readFully(file, new Uint8Array(length), 8, seen), size - start, fail);
    return use({
      header,
      read: (entry) => readTensor(file, entry, start + entry.begin, fail, seen),
      pass: ({ begin, end }) => readThrough(file, start + begin, end - begin, seen),
    });
  });
}

async function readTensor(
  file: OpenFile,
  entry: TensorEntry,
  position: number,
  fail: Fail,
  seen?: (piece: Uint8Array) => void,
): Promise<HostArray> {
  const type = typeOf(entry, fail);
  const values = allocate(type.dtype, sizeOf(entry.shape));
  if (type.convert === undefined) {
    await readFully(file, bytesOf(values), position, seen);
  } else {
    const length = entry.end - entry.begin;
    const piece = new Uint8Array(Math.min(pieceBytes, length)); // pieceBytes is a multiple of every element's size
    for (let at = 0; at < length; at += piece.length) {
      const bytes = await readFully(file, piece.subarray(0, length - at), position + at, seen);
      const refused = putElements(type, bytes, values, at / type.bytes);
      if (refused !== undefined) throw refusedElement(entry, refused, fail);
    }
  }
  return hostArray(type.dtype, entry.shape, values as never);
}
