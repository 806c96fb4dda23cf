/**
 * gzip, member by member: what they hold, and each place where the file is not what gzip says. Node's own stream takes whatever
 * follows a member and is none for the end of the file; here nothing is left out unsaid, and intact members behind a damage are
 * found and read.
 */
import { constants, crc32, createInflateRaw, inflateRawSync } from 'node:zlib';
import { gzipHeader } from './gzip-header.ts';

export type GunzipPart =
  | { readonly kind: 'bytes'; readonly bytes: Buffer }
  /** What came since the last whole member is not to be relied on when `inside` is true. */
  | { readonly kind: 'damage'; readonly inside: boolean; readonly offset: number; readonly problem: string };

/** An open file, as far as it is needed. */
export interface Readable {
  read(into: Buffer, offset: number, length: number, position: number): Promise<{ readonly bytesRead: number }>;
}

const trailerBytes = 8;
const mostChunk = 2 ** 15;
/** No text becomes so many times larger; small files may. */
const mostExpansion = 256;
const freeBytes = 2 ** 26;
/** In one file; behind the last of them it is left unread. */
const mostDamages = 1000;

export async function* gunzipMembers(file: Readable, size: number): AsyncGenerator<GunzipPart, void, undefined> {
  const mostBytes = Math.max(freeBytes, mostExpansion * size);
  let total = 0;
  let damages = 0;
  for (let at = 0; at < size; ) {
    const head = await headAt(file, at);
    if ('problem' in head) {
      const next = await nextMember(file, at + 1, size);
      const extent = `${next - at} bytes up to ${next === size ? 'the end of the file' : `the member at byte ${next}`} are not read`;
      yield { kind: 'damage', inside: false, offset: at, problem: `${head.problem}; ${extent}` };
      at = next;
    } else {
      const member = inflated(file, at + head.bytes, size);
      let part = await member.next();
      for (; !part.done; part = await member.next()) {
        total += part.value.length;
        if (total > mostBytes) {
          await member.return({ problem: '' });
          const problem = `it expands to more than ${mostBytes} bytes, which no text does; the rest is not read`;
          yield { kind: 'damage', inside: true, offset: at, problem };
          return;
        }
        yield { kind: 'bytes', bytes: part.value };
      }
      if (!('problem' in part.value)) {
        at = part.value.end;
        continue;
      }
      const next = await nextMember(file, at + 1, size);
      const rest = next === size ? 'there is no other member' : `the next member is at byte ${next}`;
      yield {
        kind: 'damage',
        inside: true,
        offset: at,
        problem: `the member that begins here is damaged: ${part.value.problem}; ${rest}`,
      };
      at = next;
    }
    if (++damages === mostDamages && at < size) {
      yield { kind: 'damage', inside: false, offset: at, problem: `${mostDamages} damages so far; the rest is not read` };
      return;
    }
  }
}

async function headAt(file: Readable, at: number): Promise<{ readonly bytes: number } | { readonly problem: string }> {
  for (let length = 512; ; length *= 8) {
    const bytes = await bytesAt(file, at, length);
    const head = gzipHeader(bytes);
    if (head.kind === 'header') return head;
    if (head.kind === 'broken') return head;
    if (bytes.length < length) return { problem: 'the file ends in the head of a member' };
  }
}

type MemberEnd = { readonly end: number } | { readonly problem: string };

/** The content of the member whose deflated data begin at `from`; in the end, where the next one begins. */
async function* inflated(file: Readable, from: number, size: number): AsyncGenerator<Buffer, MemberEnd, undefined> {
  const inflater = createInflateRaw({ chunkSize: 2 ** 16 });
  let out: Buffer[] = [];
  let [ended, failure, checksum, length] = [false, undefined as Error | undefined, 0, 0];
  let wake = (): void => {};
  // Flowing, each piece is handed on as it comes, so that an error drops none: what is read is the same each time.
  inflater.on('data', (bytes: Buffer) => out.push(bytes));
  inflater.on('end', () => {
    ended = true;
    wake();
  });
  inflater.on('error', (error) => {
    failure = error;
    wake();
  });
  try {
    for (let fed = from, step = 2 ** 12; !ended && failure === undefined; step = Math.min(2 * step, mostChunk)) {
      const chunk = await bytesAt(file, fed, Math.min(step, size - fed));
      fed += chunk.length;
      await new Promise<void>((resolve) => {
        wake = resolve;
        if (chunk.length > 0) inflater.write(chunk, () => resolve());
        else inflater.end();
      });
      const come = out;
      out = [];
      for (const bytes of come) {
        checksum = crc32(bytes, checksum);
        length += bytes.length;
        yield bytes;
      }
    }
    if (failure !== undefined) return { problem: failure.message };
    const end = from + inflater.bytesWritten;
    const trailer = await bytesAt(file, end, trailerBytes);
    if (trailer.length < trailerBytes) return { problem: 'the file ends before its checksum' };
    if (trailer.readUInt32LE(0) !== checksum) return { problem: 'its checksum is wrong' };
    if (trailer.readUInt32LE(4) !== length % 2 ** 32) return { problem: 'its length is wrong' };
    return { end: end + trailerBytes };
  } finally {
    inflater.destroy();
  }
}

const magic = Buffer.of(0x1f, 0x8b, 8);
const windowBytes = 2 ** 20;
const probeBytes = 2 ** 11;
const mostProbes = 1000;

/** Where a member begins, from a position on; the size of the file if none does. Three bytes alone may be there by chance. */
async function nextMember(file: Readable, from: number, size: number): Promise<number> {
  let probes = 0;
  for (let start = from; start < size; start += windowBytes) {
    const window = await bytesAt(file, start, windowBytes + probeBytes);
    for (let at = window.indexOf(magic); at >= 0 && at < windowBytes; at = window.indexOf(magic, at + 1)) {
      if (beginsMember(window.subarray(at, at + probeBytes))) return start + at;
      if (++probes === mostProbes) return size;
    }
  }
  return size;
}

function beginsMember(bytes: Buffer): boolean {
  const head = gzipHeader(bytes);
  if (head.kind !== 'header') return head.kind === 'more' && bytes.length === probeBytes;
  try {
    inflateRawSync(bytes.subarray(head.bytes), { finishFlush: constants.Z_SYNC_FLUSH });
    return true;
  } catch {
    return false;
  }
}

async function bytesAt(file: Readable, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await file.read(bytes, done, length - done, position + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return bytes.subarray(0, done);
}
