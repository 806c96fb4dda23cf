/** Tars for tests, written by hand after POSIX's ustar, so that no library is its own judge. */

export interface TarFile {
  readonly path: string;
  readonly content?: Uint8Array | string;
  /** 0 a file, 1 a hard link, 2 a link, 5 a folder, L GNU's long name, x pax. */
  readonly type?: string;
}

export function tarHead(path: string, size: number, type = '0'): Buffer {
  const head = Buffer.alloc(512);
  head.write(path, 0, 100, 'utf8');
  head.write('0000644\0', 100);
  head.write('0000000\0', 108);
  head.write('0000000\0', 116);
  head.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  head.write('00000000000\0', 136);
  head.write(type, 156);
  head.write('ustar\x0000', 257);
  head.fill(' ', 148, 156);
  const sum = head.reduce((total, byte) => total + byte, 0);
  head.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return head;
}

/** Without its end: the empty blocks are left out. */
export function tarBody(files: readonly TarFile[]): Buffer {
  return Buffer.concat(
    files.flatMap(({ path, content = '', type }) => {
      const bytes = Buffer.from(content as Uint8Array);
      return [tarHead(path, bytes.length, type), bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)];
    }),
  );
}

export const makeTar = (files: readonly TarFile[]): Buffer => Buffer.concat([tarBody(files), Buffer.alloc(1024)]);

/** Bytes that begin as a JPEG does, and are told from others. */
export const jpeg = (mark: string): Buffer => Buffer.concat([Buffer.of(0xff, 0xd8, 0xff, 0xe0), Buffer.from(mark)]);
