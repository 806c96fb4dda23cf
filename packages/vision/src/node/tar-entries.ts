/**
 * What a tar holds and where, read from head to head: what lies between them is not read, so that an archive of a hundred gigabytes
 * is walked through in minutes. The heads are decoded by the package `tar`.
 */
import { GmlpError } from '@gmlp/base';
import type { ByteSource } from '@gmlp/base/node';
import { Header } from 'tar/header';
import { Pax } from 'tar/pax';
import { type Window, windowOf } from './window.ts';

export interface TarEntry {
  readonly path: string;
  /** `other`: a link, a device, or what else holds no bytes of its own. */
  readonly kind: 'file' | 'folder' | 'other';
  /** The first byte of its content, counted from the start of the file that holds the tar. */
  readonly offset: number;
  readonly size: number;
  /** All of its bytes, read along with what lies around them; they hold until the next entry is asked for. */
  content(): Promise<Uint8Array>;
}

export interface TarPart {
  /** The bytes of the file that are the tar: all of it by default. */
  readonly start?: number;
  readonly end?: number;
  readonly signal?: AbortSignal | undefined;
}

export const tarBlock = 512;
/** Names, and what else stands before an entry about it. */
const mostMetaBytes = 2 ** 20;

/** An error of code `invalid-data` has the byte at which the tar is wrong; what was given before it is whole. */
export async function* tarEntries(
  bytes: ByteSource,
  { start = 0, end = bytes.size, signal }: TarPart = {},
): AsyncGenerator<TarEntry, void, undefined> {
  const window = windowOf(bytes, start, end, signal);
  let local: Pax | undefined;
  let global: Pax | undefined;
  for (let at = start; ; ) {
    if (at + tarBlock > end)
      throw wrong(bytes.name, at, `it ends ${at === end ? 'without its two empty blocks' : 'inside a head'}; it is cut short`);
    const block = await window.bytes(at, tarBlock);
    const header = decoded(bytes.name, at, block, local, global);
    if (header === 'empty') return expectNothingBehind(bytes.name, window, at, end);
    const offset = at + tarBlock;
    const size = header.size ?? Number.NaN;
    const next = offset + Math.ceil(size / tarBlock) * tarBlock;
    if (!(Number.isSafeInteger(next) && Number.isInteger(size)))
      throw wrong(bytes.name, at, 'a head without a size; it is damaged');
    const path = local?.path ?? header.path ?? '';
    if (offset + size > end) {
      throw wrong(
        bytes.name,
        at,
        `${path} should have ${size} bytes, but the tar ends after ${end - offset}; it is cut short`,
        path,
      );
    }
    const meta = metaKind(header.type);
    if (meta === undefined) {
      const kind = fileTypes.has(header.type)
        ? 'file'
        : header.type === 'Directory' || header.type === 'GNUDumpDir'
          ? 'folder'
          : 'other';
      yield { path, kind, offset, size, content: () => window.bytes(offset, size) };
      local = undefined;
    } else if (meta !== 'ignored') {
      if (size > mostMetaBytes) throw wrong(bytes.name, at, `a name of ${size} bytes; it is damaged`);
      const text = Buffer.from(await window.bytes(offset, size)).toString('utf8');
      if (meta === 'pax') local = Pax.parse(text, local);
      else if (meta === 'global pax') global = Pax.parse(text, global, true);
      else local = new Pax({ ...local, path: text.replace(/\0.*$/s, '') });
    }
    at = next;
  }
}

const fileTypes: ReadonlySet<string> = new Set(['File', 'OldFile', 'ContiguousFile']);

/** Heads that tell of the next one; those of links are of no use here. */
function metaKind(type: string): 'pax' | 'global pax' | 'path' | 'ignored' | undefined {
  if (type === 'ExtendedHeader' || type === 'OldExtendedHeader') return 'pax';
  if (type === 'GlobalExtendedHeader') return 'global pax';
  if (type === 'NextFileHasLongPath' || type === 'OldGnuLongPath') return 'path';
  return type === 'NextFileHasLongLinkpath' ? 'ignored' : undefined;
}

function decoded(file: string, at: number, block: Uint8Array, local: Pax | undefined, global: Pax | undefined): Header | 'empty' {
  if (at === 0 && block[0] === 0x1f && block[1] === 0x8b) {
    throw wrong(file, at, 'it is compressed by gzip, where nothing can be found: run gunzip on it, and name the .tar');
  }
  let header: Header | undefined;
  let cause: unknown;
  try {
    header = new Header(Buffer.from(block.buffer, block.byteOffset, tarBlock), 0, local, global);
  } catch (error) {
    cause = error; // numbers that are none
  }
  if (header?.nullBlock) return 'empty';
  if (header?.cksumValid) return header;
  throw wrong(file, at, 'no head of a tar is there; it is damaged, or no tar', '', cause);
}

/** One tar behind another is not read by most programs, and here no image is lost without a word. */
async function expectNothingBehind(file: string, window: Window, at: number, end: number): Promise<void> {
  const rest = await window.bytes(at, Math.min(2 ** 15, end - at));
  const found = rest.findIndex((byte) => byte !== 0);
  if (found >= 0)
    throw wrong(
      file,
      at + found,
      'there is something behind the end of the tar; tars that were joined have to be given one by one',
    );
}

function wrong(file: string, offset: number, detail: string, key = '', cause?: unknown): GmlpError {
  const reason = detail.endsWith('cut short') ? 'cut short' : 'damaged';
  const named = key === '' ? '' : `, ${key}`;
  const fields = { file, offset, key, reason, detail };
  return new GmlpError('invalid-data', `openImageSource: ${file}, byte ${offset}${named}: ${reason} (${detail})`, fields, {
    cause,
  });
}
