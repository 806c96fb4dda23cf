/** Bytes that can be read from any place on: of a file, or of an address whose server knows ranges. */
import { createHash } from 'node:crypto';
import { GmlpError } from '../errors.ts';

export interface ByteSource {
  /** The path or the address. */
  readonly name: string;
  readonly size: number;
  /** How many bytes are asked for at once at least, where one thing after another is read: a request over a network takes its time. */
  readonly leastStep: number;
  /** These bytes, all of them: a part outside of the file is an error. What comes back is the caller's own. */
  read(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>>;
  close(): Promise<void>;
}

export const isAddress = (name: string): boolean => /^https?:\/\//i.test(name);

/** An address as it is told and stored: what stands behind the question mark often lets whoever has it read the file. */
export const shownName = (name: string): string => (isAddress(name) ? name.replace(/[?#].*$/s, '') : name);

export function expectInside(reader: string, name: string, size: number, offset: number, length: number): void {
  if (offset >= 0 && length >= 0 && offset + length <= size && Number.isSafeInteger(offset + length)) return;
  throw new GmlpError(
    'invalid-data',
    `${reader}: ${name}: ${length} bytes from byte ${offset} on are asked for, but it has ${size}; it is cut short or another file`,
    { file: name, offset },
  );
}

const edgeBytes = 2 ** 16;

/** Tells one archive from another, without reading it through: SHA-256 of its size, its first and its last 64 KiB. */
export async function edgeFingerprint(bytes: ByteSource, signal?: AbortSignal): Promise<string> {
  const head = await bytes.read(0, Math.min(edgeBytes, bytes.size), signal);
  const tailFrom = Math.max(head.length, bytes.size - edgeBytes);
  const tail = await bytes.read(tailFrom, bytes.size - tailFrom, signal);
  return createHash('sha256').update(`${bytes.size}:`).update(head).update(tail).digest('hex');
}
