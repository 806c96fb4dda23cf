/** The SHA-256 of what a packed file holds now, read through: its head says what was written, which a changed file keeps saying. */
import { createHash } from 'node:crypto';
import { openRegularFile, readFailure, readFully } from '@gmlp/base/node';
import { readHeader } from './open-packed.ts';
import { packedHeaderBytes, packedRowBytes } from './packed-header.ts';

const bufferBytes = 2 ** 20;

/** Of all ids, as `fingerprints.ids` of its head; `onProgress` is called about once a megabyte, and throws to stop. */
export async function fingerprintPacked(
  path: string,
  onProgress: (progress: { readonly sequences: number; readonly count: number }) => void = () => {},
): Promise<string> {
  const { file, size } = await openRegularFile('fingerprintPacked', path);
  try {
    const header = await readHeader(file, size, path, {});
    const { count } = header;
    const rowBytes = packedRowBytes(header);
    const rows = Math.max(1, Math.floor(bufferBytes / rowBytes));
    const buffer = new Uint8Array(rows * rowBytes);
    const hash = createHash('sha256');
    for (let sequences = 0; sequences < count; sequences += rows) {
      const bytes = buffer.subarray(0, Math.min(rows, count - sequences) * rowBytes);
      const read = await readFully(file, bytes, packedHeaderBytes + sequences * rowBytes);
      for (let at = 0; at + rowBytes <= read; at += rowBytes) hash.update(bytes.subarray(at, at + rowBytes - 4));
      onProgress({ sequences: Math.min(sequences + rows, count), count });
    }
    return hash.digest('hex');
  } catch (cause) {
    throw readFailure('fingerprintPacked', path, cause);
  } finally {
    await file.close();
  }
}
