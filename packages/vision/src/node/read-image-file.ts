/** One image out of a file, or out of bytes that are at hand: what a model is asked of that was in no data set. */
import { GmlpError, plainMessage } from '@gmlp/base';
import { openBytes, shownName } from '@gmlp/base/node';
import type { ReadImageOptions, UnlabelledImage } from '../image-source.ts';
import { imageOfBytes, mostImageBytes, wrong } from './indexed-source.ts';

/**
 * The bytes of a file, or of an address, and what kind of image they are, which its name does not decide. A file that is not there, or
 * that is no image, is an error of code `invalid-data` with the file, the reason and what was found; nothing is decoded yet.
 */
export async function readImageFile(path: string, { signal }: ReadImageOptions = {}): Promise<UnlabelledImage> {
  const from = { file: shownName(path), offset: 0, key: '' };
  const bytes = await openBytes('openImageSource', path, {}, signal).catch((cause: unknown) => {
    const gone = GmlpError.isInstance(cause) && (cause.code === 'not-found' || cause.code === 'invalid-argument');
    throw gone ? wrong(from, 'no file', plainMessage(cause), cause) : cause;
  });
  try {
    if (bytes.size > mostImageBytes) throw wrong(from, 'damaged', `${bytes.size} bytes, more than an image has`);
    return imageOfBytes(await bytes.read(0, bytes.size, signal), from);
  } finally {
    await bytes.close();
  }
}

/** The same of bytes that came from elsewhere, as from standard input; `name` is what errors call them. */
export async function readImageBytes(chunks: AsyncIterable<Uint8Array>, name: string): Promise<UnlabelledImage> {
  const from = { file: name, offset: 0, key: '' };
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > mostImageBytes) throw wrong(from, 'damaged', `more than ${mostImageBytes} bytes, more than an image has`);
    parts.push(chunk);
  }
  return imageOfBytes(Buffer.concat(parts), from);
}
