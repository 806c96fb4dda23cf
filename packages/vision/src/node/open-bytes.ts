/** Opens a path, or an address that begins with http:// or https://. */
import { GmlpError } from '@gmlp/base';
import { openRegularFile, readFailure, readFully } from '@gmlp/base/node';
import { type ByteSource, expectInside, isAddress } from './byte-source.ts';
import { type HttpOptions, openHttp } from './http-bytes.ts';

export const openBytes = (name: string, http: HttpOptions = {}): Promise<ByteSource> =>
  isAddress(name) ? openHttp(name, http) : openLocal(name);

async function openLocal(path: string): Promise<ByteSource> {
  const { file, size } = await openRegularFile('openImageSource', path);
  let closed = false;
  return {
    name: path,
    size,
    leastStep: 2 ** 12,
    async read(offset, length) {
      if (closed) throw new GmlpError('disposed', `openImageSource: ${path} was closed; open it again to read`, { file: path });
      expectInside(path, size, offset, length);
      const bytes = new Uint8Array(length);
      const read = await readFully(file, bytes, offset).catch((cause: unknown) => {
        throw readFailure('openImageSource', path, cause);
      });
      if (read === length) return bytes;
      throw new GmlpError(
        'invalid-data',
        `openImageSource: ${path} ends at byte ${offset + read}, it had ${size} when it was opened`,
        {
          file: path,
          offset,
        },
      );
    },
    async close() {
      if (!closed) await file.close();
      closed = true;
    },
  };
}
