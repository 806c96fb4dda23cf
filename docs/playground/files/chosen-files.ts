/** What a reader chose or dropped: files by name, zips opened, sizes bounded before anything is read. */
import { GmlpError } from '@gmlp/base';
import { mostBytes, unzip } from './zip.ts';

/** The files of a model directory, single or as one zip. */
export async function modelFilesOf(chosen: readonly File[]): Promise<Map<string, Uint8Array<ArrayBuffer>>> {
  expectSize(chosen, mostBytes);
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const file of chosen) {
    const bytes = new Uint8Array(await file.arrayBuffer());
    if (!file.name.endsWith('.zip')) files.set(file.name, bytes);
    else for (const [name, content] of unzip(bytes, file.name)) files.set(name, content);
  }
  return files;
}

const mostTextBytes = 16 * 1024 ** 2;

/** Plain texts, each a document. */
export async function textsOf(chosen: readonly File[]): Promise<string[]> {
  expectSize(chosen, mostTextBytes);
  return Promise.all(
    chosen.map(async (file) => {
      try {
        return new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer());
      } catch {
        throw new GmlpError('invalid-data', `${file.name} is not plain text in UTF-8; save it as such.`, { file: file.name });
      }
    }),
  );
}

function expectSize(chosen: readonly File[], most: number): void {
  const size = chosen.reduce((sum, file) => sum + file.size, 0);
  if (size <= most) return;
  throw new GmlpError(
    'invalid-data',
    `The files have ${Math.ceil(size / 1024 ** 2)} MB together; the page takes up to ${most / 1024 ** 2} MB.`,
    { size },
  );
}
