/**
 * Sequences -> a packed file (packed-header.ts has the format). Written under a temporary name beside it, flushed, then renamed:
 * the file is there whole or not at all.
 */
import { createHash } from 'node:crypto';
import { endianness } from 'node:os';
import { GmlpError } from '@gmlp/base';
import { type WriteAt, writeWholeFile } from '@gmlp/base/node';
import {
  encodePackedHeader,
  isFingerprint,
  maximalSequenceLength,
  type PackedHeader,
  type PackedOrigin,
  packedHeaderBytes,
  packedRowBytes,
  sequenceChecksum,
} from './packed-header.ts';

/** `source` and `tokenizer` are SHA-256 (`fingerprintOf`) of what the sequences were made of; the file keeps them. */
export interface WritePackedOptions extends PackedOrigin {
  readonly sequenceLength: number;
  readonly vocabularySize: number;
  /** Called about once a megabyte. */
  readonly onProgress?: (progress: { readonly sequences: number; readonly bytes: number }) => void;
}

const bufferBytes = 2 ** 20;

/** Writes all sequences and returns the head of the file. Ids outside the vocabulary are refused, with their sequence. */
export async function writePacked(
  path: string,
  sequences: AsyncIterable<ArrayLike<number>> | Iterable<ArrayLike<number>>,
  options: WritePackedOptions,
): Promise<PackedHeader> {
  checkShape(options);
  return writeWholeFile('writePacked', path, async (writeAt) => {
    const rows = packedRows(writeAt, options);
    for await (const sequence of sequences) await rows.add(sequence);
    return rows.finish();
  });
}

export interface PackedRows {
  /** Where it gives a promise, that is waited for before the next sequence. */
  add(sequence: ArrayLike<number>): Promise<void> | undefined;
  /** Writes what is left, and the head; what the sequences were made of may be known only now. */
  finish(source?: string): Promise<PackedHeader>;
}

/** The content of a packed file, sequence by sequence. */
export function packedRows(writeAt: WriteAt, options: WritePackedOptions): PackedRows {
  checkShape(options);
  const { sequenceLength, vocabularySize, source, tokenizer, onProgress } = options;
  const bytesPerId = vocabularySize <= 2 ** 16 ? 2 : 4;
  const rowBytes = packedRowBytes({ sequenceLength, bytesPerId });
  const rowsBuffered = Math.max(1, Math.floor(bufferBytes / rowBytes));
  const buffer = Buffer.alloc(rowsBuffered * rowBytes);
  const row = bytesPerId === 2 ? new Uint16Array(sequenceLength) : new Uint32Array(sequenceLength);
  const rowIds = new Uint8Array(row.buffer);
  const hash = createHash('sha256');
  let [count, rows] = [0, 0];
  const flush = async (): Promise<void> => {
    await writeAt(buffer.subarray(0, rows * rowBytes), packedHeaderBytes + (count - rows) * rowBytes);
    rows = 0;
    onProgress?.({ sequences: count, bytes: packedHeaderBytes + count * rowBytes });
  };
  return {
    add(sequence) {
      checkSequence(sequence, count, sequenceLength, vocabularySize);
      row.set(sequence);
      littleEndian(rowIds, bytesPerId);
      hash.update(rowIds);
      buffer.set(rowIds, rows * rowBytes);
      buffer.writeUInt32LE(sequenceChecksum(rowIds, count), (rows + 1) * rowBytes - 4);
      rows++;
      count++;
      return rows === rowsBuffered ? flush() : undefined;
    },
    async finish(made = source) {
      if (rows > 0) await flush();
      const fingerprints = { ids: hash.digest('hex'), source: made, tokenizer };
      const head: PackedHeader = { sequenceLength, vocabularySize, bytesPerId, count, fingerprints };
      await writeAt(encodePackedHeader(head), 0);
      return head;
    },
  };
}

function checkShape({ sequenceLength, vocabularySize, source, tokenizer }: WritePackedOptions): void {
  checkOrigin({ source, tokenizer });
  const within = (value: number, most: number): boolean => Number.isInteger(value) && value >= 1 && value <= most;
  if (within(sequenceLength, maximalSequenceLength) && within(vocabularySize, 2 ** 31)) return;
  throw new GmlpError(
    'invalid-argument',
    `writePacked: expected sequenceLength and vocabularySize to be whole numbers from 1 to 2^24 and to 2^31, got ${sequenceLength} and ${vocabularySize}`,
  );
}

function checkOrigin(origin: PackedOrigin): void {
  for (const [name, value] of Object.entries(origin)) {
    if (value === undefined || isFingerprint(value)) continue;
    throw new GmlpError(
      'invalid-argument',
      `writePacked: expected ${name} to be a SHA-256, 64 hexadecimal digits as fingerprintOf gives them, got ${JSON.stringify(value)}`,
    );
  }
}

function checkSequence(sequence: ArrayLike<number>, index: number, length: number, vocabularySize: number): void {
  if (sequence.length !== length) {
    throw new GmlpError('shape-mismatch', `writePacked: sequence ${index} has ${sequence.length} ids, expected ${length}`, {
      sequence: index,
    });
  }
  for (let i = 0; i < length; i++) {
    const id = sequence[i]!;
    if (!Number.isInteger(id) || id < 0 || id >= vocabularySize) {
      throw new GmlpError(
        'invalid-argument',
        `writePacked: id ${id} of sequence ${index}, position ${i} is outside the vocabulary of ${vocabularySize}`,
        { sequence: index, position: i, id },
      );
    }
  }
}

/** In the file's byte order; in place, and nothing to do on nearly every machine. */
export function littleEndian(bytes: Uint8Array, width: 2 | 4 | 8): Uint8Array {
  if (endianness() === 'LE') return bytes;
  const swapped = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return width === 2 ? swapped.swap16() : width === 4 ? swapped.swap32() : swapped.swap64();
}
