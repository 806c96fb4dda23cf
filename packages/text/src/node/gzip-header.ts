/** The head of a gzip member (RFC 1952, 2.3): how many bytes it takes, or what is wrong with it. */
import { crc32 } from 'node:zlib';

export type GzipHeader =
  | { readonly kind: 'header'; readonly bytes: number }
  | { readonly kind: 'broken'; readonly problem: string }
  | { readonly kind: 'more' };

/** Names and comments are short; a head that does not end is damage. */
const mostHeaderBytes = 2 ** 17;

const [hasChecksum, hasExtra, hasName, hasComment, reserved] = [2, 4, 8, 16, 0xe0];

/** `more`: the head may go on behind these bytes. */
export function gzipHeader(bytes: Buffer): GzipHeader {
  const magic = [0x1f, 0x8b, 8];
  if (!magic.every((byte, at) => at >= bytes.length || bytes[at] === byte)) {
    return { kind: 'broken', problem: `no gzip member begins here (${bytes.toString('hex', 0, 4)}, expected 1f8b08)` };
  }
  const more: GzipHeader = { kind: 'more' };
  if (bytes.length < 10) return more;
  const flags = bytes[3]!;
  if ((flags & reserved) !== 0)
    return { kind: 'broken', problem: `reserved flags (${flags.toString(2)}) in the head of a member` };
  if (bytes.length > mostHeaderBytes)
    return { kind: 'broken', problem: `the head of a member does not end in ${mostHeaderBytes} bytes` };
  let at = 10;
  if ((flags & hasExtra) !== 0) {
    if (bytes.length < at + 2) return more;
    at += 2 + bytes.readUInt16LE(at);
  }
  for (const flag of [hasName, hasComment]) {
    if ((flags & flag) === 0) continue;
    const end = bytes.indexOf(0, at);
    if (end < 0) return more;
    at = end + 1;
  }
  if ((flags & hasChecksum) !== 0) {
    if (bytes.length < at + 2) return more;
    if (bytes.readUInt16LE(at) !== (crc32(bytes.subarray(0, at)) & 0xffff)) {
      return { kind: 'broken', problem: 'the checksum of a member’s head is wrong' };
    }
    at += 2;
  }
  return bytes.length < at ? more : { kind: 'header', bytes: at };
}
