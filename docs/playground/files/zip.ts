/**
 * Zip files, for what a reader takes away and brings back: written without compression (weights hardly shrink), read with or
 * without. Files of more than 4 GB, encrypted ones and archives in parts are refused. APPNOTE.TXT 6.3.10, sections 4.3 and 4.4.
 */
import { GmlpError } from '@gmlp/base';
import { crc32 } from './crc32.ts';

const localHead = 0x04034b50;
const centralHead = 0x02014b50;
const endHead = 0x06054b50;
const utf8Names = 0x0800;
/** 1980-01-01, so that the same files give the same bytes. */
const date = 0x0021;

/** What a model may be at most, unpacked: a page has a few GB. */
export const mostBytes: number = 1024 ** 3;

interface Entry {
  readonly name: Uint8Array;
  readonly bytes: Uint8Array;
  readonly crc: number;
  readonly offset: number;
}

export function zipFiles(files: ReadonlyMap<string, Uint8Array>): Uint8Array<ArrayBuffer> {
  const entries: Entry[] = [];
  let offset = 0;
  for (const [name, bytes] of files) {
    const encoded = new TextEncoder().encode(name);
    entries.push({ name: encoded, bytes, crc: crc32(bytes), offset });
    offset += 30 + encoded.length + bytes.length;
  }
  const directory = entries.reduce((sum, { name }) => sum + 46 + name.length, 0);
  const zip = new Uint8Array(offset + directory + 22);
  const view = new DataView(zip.buffer);
  const numbers = (at: number, ...parts: readonly (readonly [bytes: 2 | 4, value: number])[]): number => {
    for (const [size, value] of parts) {
      if (size === 2) view.setUint16(at, value, true);
      else view.setUint32(at, value, true);
      at += size;
    }
    return at;
  };
  const described = ({ name, bytes, crc }: Entry): readonly (readonly [2 | 4, number])[] => [
    [2, 20], // the version that is needed
    [2, utf8Names],
    [2, 0], // stored
    [2, 0],
    [2, date],
    [4, crc],
    [4, bytes.length],
    [4, bytes.length],
    [2, name.length],
    [2, 0], // no extra field
  ];
  let at = 0;
  for (const entry of entries) {
    at = numbers(at, [4, localHead], ...described(entry));
    zip.set(entry.name, at);
    zip.set(entry.bytes, at + entry.name.length);
    at += entry.name.length + entry.bytes.length;
  }
  for (const entry of entries) {
    at = numbers(at, [4, centralHead], [2, 20], ...described(entry), [2, 0], [2, 0], [2, 0], [4, 0], [4, entry.offset]);
    zip.set(entry.name, at);
    at += entry.name.length;
  }
  numbers(at, [4, endHead], [2, 0], [2, 0], [2, entries.length], [2, entries.length], [4, directory], [4, offset], [2, 0]);
  return zip;
}

/** The files of a zip by the last part of their names: folders, hidden files and those of macOS's own are left out. */
export async function unzip(zip: Uint8Array<ArrayBuffer>, source = 'the zip'): Promise<Map<string, Uint8Array<ArrayBuffer>>> {
  const fail = (problem: string): GmlpError => new GmlpError('invalid-data', `unzip: ${source} ${problem}`, { source });
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength);
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  let left = mostBytes;
  try {
    const end = endOf(view);
    if (end === undefined) throw fail('is no zip file, or is cut short');
    let at = view.getUint32(end + 16, true);
    const count = view.getUint16(end + 10, true);
    if (view.getUint16(end + 4, true) !== 0 || count === 0xffff || at === 0xffffffff)
      throw fail('is in parts or larger than 4 GB');
    for (let entry = 0; entry < count; entry++) {
      if (view.getUint32(at, true) !== centralHead) throw fail(`has no entry ${entry + 1} of ${count} where its directory says`);
      const flags = view.getUint16(at + 8, true);
      const method = view.getUint16(at + 10, true);
      const [crc, packed, size] = [view.getUint32(at + 16, true), view.getUint32(at + 20, true), view.getUint32(at + 24, true)];
      const nameLength = view.getUint16(at + 28, true);
      const path = new TextDecoder().decode(part(zip, at + 46, nameLength));
      const local = view.getUint32(at + 42, true);
      at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
      const name = path.split('/').at(-1)!;
      if (name === '' || name.startsWith('.') || path.startsWith('__MACOSX/')) continue;
      if (flags & 1) throw fail(`has ${path} encrypted`);
      if (files.has(name)) throw fail(`has two files ${name}; give the files of one model`);
      if (size > left) throw fail(`unpacks to more than ${mostBytes / 1024 ** 2} MB`);
      left -= size;
      if (view.getUint32(local, true) !== localHead) throw fail(`has no file ${path} where its directory says`);
      const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
      const content = part(zip, start, packed);
      const bytes = method === 0 ? content.slice() : method === 8 ? await inflate(content, size) : undefined;
      if (bytes === undefined) throw fail(`has ${path} compressed by method ${method}; stored and deflated files are read`);
      if (bytes.length !== size || crc32(bytes) !== crc) throw fail(`has ${path} damaged`);
      files.set(name, bytes);
    }
  } catch (cause) {
    if (GmlpError.isInstance(cause)) throw cause;
    throw fail('is damaged or cut short'); // a RangeError of the view, a TypeError of the decompression
  }
  return files;
}

function part(zip: Uint8Array<ArrayBuffer>, start: number, length: number): Uint8Array<ArrayBuffer> {
  if (start + length > zip.length) throw new RangeError('past the end');
  return zip.subarray(start, start + length);
}

/** Where the record at the end begins: a comment of up to 64 KB may follow it. */
function endOf(view: DataView): number | undefined {
  for (let at = view.byteLength - 22; at >= Math.max(0, view.byteLength - 22 - 0xffff); at--) {
    if (view.getUint32(at, true) === endHead) return at;
  }
  return undefined;
}

/** Deflated bytes, and no more of them than were declared. */
async function inflate(bytes: Uint8Array<ArrayBuffer>, size: number): Promise<Uint8Array<ArrayBuffer>> {
  const result = new Uint8Array(size);
  let at = 0;
  const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw')).getReader();
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    if (at + read.value.length > size) {
      await reader.cancel();
      throw new RangeError('longer than declared');
    }
    result.set(read.value, at);
    at += read.value.length;
  }
  return result.subarray(0, at);
}
