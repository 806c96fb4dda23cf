/**
 * A file that holds a sample index, so that an archive of a hundred gigabytes is walked through once:
 *
 *     8 bytes   gmlpimgs
 *     uint32    version
 *     uint32    bytes of the head
 *     head      JSON, filled up with spaces to a multiple of 8
 *     columns   offset and length (float64), file, nameEnds (uint32), label (int32), names
 *     uint32    CRC-32 of all that stands before it
 *
 * Numbers are little-endian. The head says what was indexed: the files with their sizes and fingerprints, the classes, and what
 * was left out.
 */
import { GmlpError } from '@gmlp/base';
import type { BadSample } from './bad-samples.ts';
import type { ImageClass } from './image-source.ts';
import type { SampleIndex } from './sample-index.ts';

export interface IndexedFile {
  /** A path or an address, as it was given. */
  readonly name: string;
  readonly size: number;
  /** SHA-256 of its size, its first and its last bytes. */
  readonly fingerprint: string;
}

export interface IndexHead {
  /** What else decides the samples: the format and its settings. */
  readonly made: string;
  readonly files: readonly IndexedFile[];
  readonly classes: readonly ImageClass[];
  /** How many samples were left out, by reason, and the first of them. */
  readonly skipped: { readonly counts: Readonly<Record<string, number>>; readonly listed: readonly BadSample[] };
}

const magic = 'gmlpimgs';
const version = 1;

export type Checksum = (bytes: Uint8Array) => number;

export function encodeIndex(head: IndexHead, index: SampleIndex, checksum: Checksum): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify({ ...head, count: index.count, nameBytes: index.names.length }));
  const headBytes = Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(16 + headBytes + bodyBytes(index.count, index.names.length) + 4);
  const view = new DataView(bytes.buffer);
  bytes.set(new TextEncoder().encode(magic));
  view.setUint32(8, version, true);
  view.setUint32(12, headBytes, true);
  bytes.fill(0x20, 16, 16 + headBytes).set(json, 16);
  let at = 16 + headBytes;
  const put = (column: Iterable<number>, size: number, write: (at: number, value: number) => void): void => {
    for (const value of column) {
      write(at, value);
      at += size;
    }
  };
  put(index.offset, 8, (place, value) => view.setFloat64(place, value, true));
  put(index.length, 8, (place, value) => view.setFloat64(place, value, true));
  put(index.file, 4, (place, value) => view.setUint32(place, value, true));
  put(index.nameEnds, 4, (place, value) => view.setUint32(place, value, true));
  put(index.label, 4, (place, value) => view.setInt32(place, value, true));
  bytes.set(index.names, at);
  view.setUint32(bytes.length - 4, checksum(bytes.subarray(0, -4)), true);
  return bytes;
}

const bodyBytes = (count: number, nameBytes: number): number => 28 * count + nameBytes;

/** What such a file holds. A damaged one, or one of a newer version, is refused. */
export function decodeIndex(
  bytes: Uint8Array,
  file: string,
  checksum: Checksum,
): { readonly head: IndexHead; readonly index: SampleIndex } {
  const refuse = (problem: string): GmlpError =>
    new GmlpError('invalid-data', `decodeIndex: ${file} ${problem}; remove it, and it is made anew`, { file });
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 20 || new TextDecoder().decode(bytes.subarray(0, 8)) !== magic) throw refuse('is no index of images');
  const found = view.getUint32(8, true);
  if (found > version) {
    throw new GmlpError(
      'unsupported-version',
      `decodeIndex: ${file} has version ${found}, this gmlp reads up to ${version}; update gmlp`,
      { file },
    );
  }
  if (view.getUint32(bytes.length - 4, true) !== checksum(bytes.subarray(0, -4)))
    throw refuse('is damaged or cut short: its checksum is wrong');
  const headBytes = view.getUint32(12, true);
  const { count, nameBytes, ...head } = parseHead(bytes.subarray(16, 16 + headBytes), refuse);
  if (bytes.length !== 16 + headBytes + bodyBytes(count, nameBytes) + 4) throw refuse('has another length than its head says');
  let at = 16 + headBytes;
  const next = <Column extends { length: number; [place: number]: number }>(
    column: Column,
    size: number,
    read: (at: number) => number,
  ): Column => {
    for (let i = 0; i < count; i++, at += size) column[i] = read(at);
    return column;
  };
  const index: SampleIndex = {
    count,
    offset: next(new Float64Array(count), 8, (place) => view.getFloat64(place, true)),
    length: next(new Float64Array(count), 8, (place) => view.getFloat64(place, true)),
    file: next(new Uint32Array(count), 4, (place) => view.getUint32(place, true)),
    nameEnds: next(new Uint32Array(count), 4, (place) => view.getUint32(place, true)),
    label: next(new Int32Array(count), 4, (place) => view.getInt32(place, true)),
    names: bytes.slice(at, bytes.length - 4),
  };
  if (!isSound(index, head)) throw refuse('says of samples what cannot be');
  return { head, index };
}

/** Of a file that was made by hand the checksum may be right and the numbers not. */
function isSound({ count, file, offset, length, label, names, nameEnds }: SampleIndex, { files, classes }: IndexHead): boolean {
  let nameStart = 0;
  for (let i = 0; i < count; i++) {
    if (file[i]! >= files.length || !(label[i]! >= 0 && label[i]! < classes.length)) return false;
    if (!(offset[i]! >= 0 && length[i]! >= 0 && offset[i]! + length[i]! <= files[file[i]!]!.size)) return false;
    if (nameEnds[i]! < nameStart || nameEnds[i]! > names.length) return false;
    nameStart = nameEnds[i]!;
  }
  return true;
}

type Head = IndexHead & { readonly count: number; readonly nameBytes: number };

/** Its fields are ours: the checksum has shown that they are as they were written. */
function parseHead(bytes: Uint8Array, refuse: (problem: string) => GmlpError): Head {
  let head: Partial<Head>;
  try {
    head = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as Partial<Head>;
  } catch {
    throw refuse('has no readable head');
  }
  const { made, files, classes, skipped, count, nameBytes } = head;
  const natural = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
  if (
    typeof made !== 'string' ||
    !Array.isArray(files) ||
    !Array.isArray(classes) ||
    !skipped ||
    !natural(count) ||
    !natural(nameBytes)
  )
    throw refuse('lacks fields in its head');
  return { made, files, classes, skipped, count, nameBytes };
}
