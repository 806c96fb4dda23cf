/** Zip files, for what a reader takes away and brings back: fflate's, within the bounds of a page. */
import { GmlpError } from '@gmlp/base';
import { type UnzipFileInfo, unzipSync, zipSync } from 'fflate';

/** What a model may be at most, unpacked: a page has a few GB. */
export const mostBytes: number = 1024 ** 3;

/** Without compression, as weights hardly shrink, and of one date, so that the same files give the same bytes. */
export function zipFiles(files: ReadonlyMap<string, Uint8Array>): Uint8Array<ArrayBuffer> {
  return zipSync(Object.fromEntries(files), { level: 0, mtime: new Date(1980, 0, 1) });
}

/**
 * The files of a zip by the last part of their names: folders, hidden files and those of macOS's own are left out. Checksums are
 * not compared: who reads a file looks at what it says.
 */
export function unzip(zip: Uint8Array, source = 'the zip'): Map<string, Uint8Array<ArrayBuffer>> {
  const fail = (problem: string): GmlpError => new GmlpError('invalid-data', `unzip: ${source} ${problem}`, { source });
  const sizes = new Map<string, number>();
  let left = mostBytes;
  const wanted = ({ name: path, originalSize }: UnzipFileInfo): boolean => {
    const name = lastPart(path);
    if (name === '' || name.startsWith('.') || path.startsWith('__MACOSX/')) return false;
    if (sizes.has(name)) throw fail(`has two files ${name}; give the files of one model`);
    if (originalSize > left) throw fail(`unpacks to more than ${mostBytes / 1024 ** 2} MB`);
    left -= originalSize;
    sizes.set(name, originalSize);
    return true;
  };
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const [path, bytes] of Object.entries(unzipped(zip, wanted, fail))) {
    if (bytes.length !== sizes.get(lastPart(path))) throw fail(`has ${path} damaged or encrypted`);
    files.set(lastPart(path), bytes);
  }
  return files;
}

const lastPart = (path: string): string => path.split('/').at(-1)!;

function unzipped(
  zip: Uint8Array,
  filter: (file: UnzipFileInfo) => boolean,
  fail: (problem: string) => GmlpError,
): ReturnType<typeof unzipSync> {
  try {
    return unzipSync(zip, { filter });
  } catch (cause) {
    if (GmlpError.isInstance(cause)) throw cause;
    throw fail(`cannot be read: ${(cause as Error).message}; give a zip that is whole, of stored or deflated files`);
  }
}
