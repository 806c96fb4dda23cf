/**
 * A packed file, little-endian, of version 2. Its head has 192 bytes:
 *    0  'GMLPPACK'
 *    8  uint32 version       12  uint32 bytes of this head
 *   16  uint32 sequence length
 *   20  uint32 vocabulary size
 *   24  uint32 bytes an id takes: 2 (uint16) or 4 (uint32)
 *   32  uint64 number of sequences
 *   64  SHA-256 of all ids, in the bytes of this file
 *   96  SHA-256 of the text          128  SHA-256 of the tokenizer; zeros: not said
 *  188  uint32 CRC-32 of the 188 bytes before
 * Sequence i follows at 192 + i * (length * bytes + 4): its ids, then a CRC-32 of their bytes that starts from i, so that
 * neither changed nor exchanged sequences pass. Nothing comes after the last. Version 1 had no checksums and is refused.
 */
import { crc32 } from 'node:zlib';
import { GmlpError } from '@gmlp/base';

export interface PackedHeader {
  readonly sequenceLength: number;
  readonly vocabularySize: number;
  readonly bytesPerId: 2 | 4;
  readonly count: number;
  readonly fingerprints: PackedFingerprints;
}

/** SHA-256, hexadecimal: two files with the same ids have the same `ids`. */
export interface PackedFingerprints extends PackedOrigin {
  readonly ids: string;
}

/** What a packed file was made of, as fingerprints: it is known again, and another is told from it. */
export interface PackedOrigin {
  readonly source?: string | undefined;
  readonly tokenizer?: string | undefined;
}

export const packedHeaderBytes = 192;
export const maximalSequenceLength: number = 2 ** 24;
const magic = 'GMLPPACK';
const version = 2;
const checksumAt = packedHeaderBytes - 4;

/** The bytes of a sequence with its checksum. */
export const packedRowBytes = ({ sequenceLength, bytesPerId }: Pick<PackedHeader, 'sequenceLength' | 'bytesPerId'>): number =>
  sequenceLength * bytesPerId + 4;

export const sequenceChecksum = (bytes: Uint8Array, index: number): number => crc32(bytes, index % 2 ** 32);

export const isFingerprint = (text: string): boolean => /^[0-9a-f]{64}$/.test(text);

export function encodePackedHeader(header: PackedHeader): Uint8Array {
  const { sequenceLength, vocabularySize, bytesPerId, count, fingerprints } = header;
  const bytes = Buffer.alloc(packedHeaderBytes);
  bytes.write(magic, 'latin1');
  for (const [index, value] of [version, packedHeaderBytes, sequenceLength, vocabularySize, bytesPerId].entries()) {
    bytes.writeUInt32LE(value, 8 + 4 * index);
  }
  bytes.writeBigUInt64LE(BigInt(count), 32);
  bytes.write(fingerprints.ids, 64, 'hex');
  bytes.write(fingerprints.source ?? '', 96, 'hex');
  bytes.write(fingerprints.tokenizer ?? '', 128, 'hex');
  bytes.writeUInt32LE(crc32(bytes.subarray(0, checksumAt)), checksumAt);
  return bytes;
}

/** Checks the head and that the file is as long as the head says; `file` is for the message. */
export function decodePackedHeader(head: Uint8Array, fileBytes: number, file: string): PackedHeader {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  const refuse = (problem: string, advice = 'pack the text again'): never => {
    throw new GmlpError('invalid-data', `openPacked: ${file}: ${problem}; ${advice}`, { file });
  };
  const found = bytes.toString('latin1', 0, magic.length);
  if (found !== magic)
    refuse(`not a packed file (it starts with ${JSON.stringify(found)}, expected ${magic})`, 'write one with writePacked');
  if (bytes.length < 16) refuse(`cut short inside its head, ${bytes.length} of ${packedHeaderBytes} bytes`);
  const written = bytes.readUInt32LE(8);
  if (written !== version) {
    const advice = written > version ? 'update gmlp, or pack the text again' : 'it has no checksums; pack the text again';
    throw new GmlpError(
      'unsupported-version',
      `openPacked: ${file} has version ${written}, this gmlp reads version ${version}; ${advice}`,
      { file, version: written },
    );
  }
  if (bytes.length < packedHeaderBytes) refuse(`cut short inside its head, ${bytes.length} of ${packedHeaderBytes} bytes`);
  if (bytes.readUInt32LE(checksumAt) !== crc32(bytes.subarray(0, checksumAt)))
    refuse(`damaged in its head, the first ${packedHeaderBytes} bytes: their checksum is wrong`);
  const [headBytes, sequenceLength, vocabularySize, bytesPerId] = [12, 16, 20, 24].map((at) => bytes.readUInt32LE(at)) as [
    number,
    number,
    number,
    number,
  ];
  const count = Number(bytes.readBigUInt64LE(32));
  if (headBytes !== packedHeaderBytes) refuse(`broken head (${headBytes} bytes)`);
  if (bytesPerId !== 2 && bytesPerId !== 4) return refuse(`broken head (${bytesPerId} bytes an id)`);
  if (sequenceLength < 1 || sequenceLength > maximalSequenceLength || vocabularySize < 1)
    refuse(`broken head (sequence length ${sequenceLength}, vocabulary ${vocabularySize})`);
  const rowBytes = packedRowBytes({ sequenceLength, bytesPerId });
  const expected = packedHeaderBytes + count * rowBytes;
  if (fileBytes < expected) {
    const whole = Math.floor((fileBytes - packedHeaderBytes) / rowBytes);
    refuse(`cut short: ${fileBytes} bytes of ${expected}, which leaves ${whole} of ${count} sequences`);
  }
  if (fileBytes > expected) refuse(`${fileBytes} bytes, but its head accounts for ${expected}`);
  const origin = (at: number): string | undefined => {
    const text = bytes.toString('hex', at, at + 32);
    return /^0+$/.test(text) ? undefined : text;
  };
  const fingerprints = { ids: bytes.toString('hex', 64, 96), source: origin(96), tokenizer: origin(128) };
  return { sequenceLength, vocabularySize, bytesPerId, count, fingerprints };
}
