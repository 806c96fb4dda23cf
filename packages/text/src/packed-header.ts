/**
 * The head of a packed file, 64 bytes, little-endian:
 *    0  'GMLPPACK'
 *    8  uint32 version       12  uint32 bytes of this head
 *   16  uint32 sequence length
 *   20  uint32 vocabulary size
 *   24  uint32 bytes an id takes: 2 (uint16) or 4 (uint32)
 *   32  uint64 number of sequences
 * The ids of sequence i follow at 64 + i * length * bytes; nothing comes after the last.
 */
import { GmlpError } from '@gmlp/base';

export interface PackedHeader {
  readonly sequenceLength: number;
  readonly vocabularySize: number;
  readonly bytesPerId: 2 | 4;
  readonly count: number;
}

export const packedHeaderBytes = 64;
const magic = 'GMLPPACK';
const version = 1;

export function encodePackedHeader({ sequenceLength, vocabularySize, bytesPerId, count }: PackedHeader): Uint8Array {
  const bytes = new Uint8Array(packedHeaderBytes);
  bytes.set(new TextEncoder().encode(magic));
  const view = new DataView(bytes.buffer);
  for (const [offset, value] of [version, packedHeaderBytes, sequenceLength, vocabularySize, bytesPerId].entries()) {
    view.setUint32(8 + 4 * offset, value, true);
  }
  view.setBigUint64(32, BigInt(count), true);
  return bytes;
}

/** Checks the head and that the file is as long as the head says; `file` is for the message. */
export function decodePackedHeader(bytes: Uint8Array, fileBytes: number, file: string): PackedHeader {
  const refuse = (problem: string, advice = 'pack the text again'): never => {
    throw new GmlpError('invalid-data', `openPacked: ${file}: ${problem}; ${advice}`, { file });
  };
  const found = String.fromCharCode(...bytes.subarray(0, magic.length));
  if (found !== magic)
    refuse(`not a packed file (it starts with ${JSON.stringify(found)}, expected ${magic})`, 'write one with writePacked');
  if (bytes.length < packedHeaderBytes) refuse(`cut short inside its head, ${bytes.length} of ${packedHeaderBytes} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [written, headBytes, sequenceLength, vocabularySize, bytesPerId] = [8, 12, 16, 20, 24].map((at) =>
    view.getUint32(at, true),
  ) as [number, number, number, number, number];
  const count = Number(view.getBigUint64(32, true));
  if (written > version) {
    throw new GmlpError(
      'unsupported-version',
      `openPacked: ${file} has version ${written}, this gmlp reads up to ${version}; update gmlp or pack the text again`,
      { file, version: written },
    );
  }
  if (written < 1 || headBytes !== packedHeaderBytes) refuse(`broken head (version ${written}, ${headBytes} bytes)`);
  if (bytesPerId !== 2 && bytesPerId !== 4) return refuse(`broken head (${bytesPerId} bytes an id)`);
  if (sequenceLength < 1 || vocabularySize < 1)
    refuse(`broken head (sequence length ${sequenceLength}, vocabulary ${vocabularySize})`);
  const expected = packedHeaderBytes + count * sequenceLength * bytesPerId;
  if (fileBytes < expected) {
    const whole = Math.floor((fileBytes - packedHeaderBytes) / (sequenceLength * bytesPerId));
    refuse(`cut short: ${fileBytes} bytes of ${expected}, which leaves ${whole} of ${count} sequences`);
  }
  if (fileBytes > expected) refuse(`${fileBytes} bytes, but its head accounts for ${expected}`);
  return { sequenceLength, vocabularySize, bytesPerId, count };
}
