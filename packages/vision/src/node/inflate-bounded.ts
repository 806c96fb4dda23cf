import type { ZlibOptions } from 'node:zlib';
import { GmlpError } from '@gmlp/base';

/** What a compressed file holds, if that is not more than it may be. */
export function inflateBounded(
  inflate: (bytes: Uint8Array, options: ZlibOptions) => Uint8Array,
  bytes: Uint8Array,
  mostBytes: number,
  file: string,
): Uint8Array {
  try {
    return inflate(bytes, { maxOutputLength: mostBytes });
  } catch (cause) {
    throw new GmlpError(
      'invalid-data',
      `openImageSource: ${file} cannot be unpacked: ${(cause as Error).message}`,
      { file },
      { cause },
    );
  }
}
