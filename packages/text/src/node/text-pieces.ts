/** A file of text in pieces that fit into memory: cut behind a line, else behind a space, never inside a character. */
import type { FileHandle } from 'node:fs/promises';

export async function* textPieces(file: FileHandle, size: number, maxBytes: number): AsyncGenerator<Buffer, void, undefined> {
  for (let start = 0; start < size; ) {
    const bytes = Buffer.allocUnsafe(Math.min(maxBytes, size - start));
    let filled = 0;
    while (filled < bytes.length) {
      const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, start + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    const whole = bytes.subarray(0, filled);
    const cut = filled === 0 || start + filled >= size ? filled : cutBefore(whole);
    if (cut === 0) return; // shorter than it was
    yield whole.subarray(0, cut);
    start += cut;
  }
}

const isContinuation = (byte: number): boolean => (byte & 0xc0) === 0x80;

function cutBefore(bytes: Buffer): number {
  const behind = bytes.lastIndexOf('\n') + 1 || bytes.lastIndexOf(' ') + 1;
  if (behind > 0) return behind;
  for (let back = 1; back <= 4 && back < bytes.length; back++) {
    if (!isContinuation(bytes[bytes.length - back]!)) return bytes.length - back;
  }
  return bytes.length;
}
