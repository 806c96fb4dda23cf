/** A packed file, read where it is asked for: memory holds the sequences of one batch, whatever the size of the file. */
import type { FileHandle } from 'node:fs/promises';
import { GmlpError, type HostArray, hostArray } from '@gmlp/base';
import { openRegularFile, readFailure, readFully } from '@gmlp/base/node';
import { decodePackedHeader, type PackedHeader, packedHeaderBytes, packedRowBytes, sequenceChecksum } from './packed-header.ts';
import { littleEndian } from './write-packed.ts';

export interface PackedFile extends PackedHeader {
  /** The ids of one sequence. */
  sequence(index: number): Promise<Int32Array>;
  /** Ids `[batch, tokens]` of the sequences with these indices, in their order. */
  batch(indices: ArrayLike<number>): Promise<HostArray<'int32'>>;
  close(): Promise<void>;
}

export interface OpenPackedOptions {
  /** Refuse the file unless it was packed with so many pieces, or in so long sequences. */
  readonly vocabularySize?: number;
  readonly sequenceLength?: number;
}

export async function openPacked(path: string, expected: OpenPackedOptions = {}): Promise<PackedFile> {
  const { file, size } = await openRegularFile('openPacked', path);
  let header: PackedHeader;
  try {
    header = await readHeader(file, size, path, expected);
  } catch (error) {
    await file.close();
    throw readFailure('openPacked', path, error);
  }
  const { sequenceLength, vocabularySize, bytesPerId, count } = header;
  const rowBytes = packedRowBytes(header);
  let closed = false;

  async function readInto(target: Int32Array, index: number): Promise<void> {
    if (closed) throw new GmlpError('disposed', `openPacked: ${path} was closed; open it again to read`, { file: path });
    if (!Number.isInteger(index) || index < 0 || index >= count) {
      throw new GmlpError('invalid-argument', `openPacked: ${path} has no sequence ${index}; it has ${count}`, {
        file: path,
        index,
      });
    }
    const bytes = new Uint8Array(rowBytes);
    const read = await readFully(file, bytes, packedHeaderBytes + index * rowBytes).catch((cause: unknown) => {
      throw readFailure('openPacked', path, cause);
    });
    if (read < rowBytes) {
      throw new GmlpError('invalid-data', `openPacked: ${path}: cut short in sequence ${index} since it was opened`, {
        file: path,
        record: index,
      });
    }
    const ids = bytes.subarray(0, rowBytes - 4);
    const checksum = new DataView(bytes.buffer).getUint32(rowBytes - 4, true);
    if (checksum !== sequenceChecksum(ids, index)) {
      throw new GmlpError(
        'invalid-data',
        `openPacked: ${path}, sequence ${index} (${rowBytes} bytes from ${packedHeaderBytes + index * rowBytes}): its checksum is wrong; the file is damaged, pack the text again`,
        { file: path, record: index },
      );
    }
    littleEndian(ids, bytesPerId);
    target.set(
      bytesPerId === 2 ? new Uint16Array(ids.buffer, 0, sequenceLength) : new Uint32Array(ids.buffer, 0, sequenceLength),
    );
    for (let i = 0; i < sequenceLength; i++) {
      const id = target[i]!;
      if (id < 0 || id >= vocabularySize) {
        throw new GmlpError(
          'invalid-data',
          `openPacked: ${path}, sequence ${index}, position ${i}: id ${id >>> 0} is outside the vocabulary of ${vocabularySize}; the file is damaged, pack the text again`,
          { file: path, record: index, position: i, id: id >>> 0 },
        );
      }
    }
  }

  return {
    ...header,
    async sequence(index) {
      const ids = new Int32Array(sequenceLength);
      await readInto(ids, index);
      return ids;
    },
    async batch(indices) {
      const rows = Array.from(indices);
      const ids = new Int32Array(rows.length * sequenceLength);
      await Promise.all(
        rows.map((index, row) => readInto(ids.subarray(row * sequenceLength, (row + 1) * sequenceLength), index)),
      );
      return hostArray('int32', [rows.length, sequenceLength], ids);
    },
    async close() {
      if (!closed) await file.close();
      closed = true;
    },
  };
}

/** Checks it against the size of the file and what is expected of it. */
export async function readHeader(
  file: FileHandle,
  size: number,
  path: string,
  expected: OpenPackedOptions,
): Promise<PackedHeader> {
  const bytes = new Uint8Array(packedHeaderBytes);
  const read = await readFully(file, bytes, 0);
  const header = decodePackedHeader(bytes.subarray(0, read), size, path);
  for (const name of ['vocabularySize', 'sequenceLength'] as const) {
    if (expected[name] !== undefined && expected[name] !== header[name]) {
      throw new GmlpError(
        'shape-mismatch',
        `openPacked: ${path} was packed with ${name} ${header[name]}, expected ${expected[name]}; pack the text again`,
        { file: path, expected: expected[name], actual: header[name] },
      );
    }
  }
  return header;
}
