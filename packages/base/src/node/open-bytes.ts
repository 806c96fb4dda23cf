/** Opens a path, or an address that begins with http:// or https://; `reader` opens the messages, `signal` ends the wait for a server. */
import { GmlpError } from '../errors.ts';
import { type ByteSource, expectInside, isAddress } from './byte-source.ts';
import { type HttpOptions, openHttp } from './http-bytes.ts';
import { openRegularFile, readFailure, readFully } from './regular-file.ts';

export const openBytes = (reader: string, name: string, http: HttpOptions = {}, signal?: AbortSignal): Promise<ByteSource> =>
  isAddress(name) ? openHttp(reader, name, http, signal) : openLocal(reader, name);

async function openLocal(reader: string, path: string): Promise<ByteSource> {
  const { file, size } = await openRegularFile(reader, path);
  let closed = false;
  return {
    name: path,
    size,
    leastStep: 2 ** 12,
    async read(offset, length) {
      if (closed) throw new GmlpError('disposed', `${reader}: ${path} was closed; open it again to read`, { file: path });
      expectInside(reader, path, size, offset, length);
      const bytes = new Uint8Array(length);
      const read = await readFully(file, bytes, offset).catch((cause: unknown) => {
        throw readFailure(reader, path, cause);
      });
      if (read === length) return bytes;
      throw new GmlpError('invalid-data', `${reader}: ${path} ends at byte ${offset + read}, it had ${size} when it was opened`, {
        file: path,
        offset,
      });
    },
    async close() {
      if (!closed) await file.close();
      closed = true;
    },
  };
}
