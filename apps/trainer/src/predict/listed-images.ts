/** The images that a command is given: files, the images of folders, or standard input. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { GmlpError } from '@gmlp/base';
import { hasImageName, type UnlabelledImage } from '@gmlp/vision';
import { readImageBytes, readImageFile } from '@gmlp/vision/node';

export interface ListedImage {
  /** As people are told of it: its path, or `-`. */
  readonly name: string;
  /** An error for what is no image, or cannot be read. */
  read(signal: AbortSignal): Promise<UnlabelledImage>;
}

export interface ListImagesOptions {
  /** What `-` stands for. */
  readonly stdin: AsyncIterable<Uint8Array>;
  /** Hears of what lies in a folder and is no image by its name. */
  readonly onPassedOver: (path: string) => void;
}

/** One after the other, folders in the order of names; the names of one folder, and those above it, are in memory at a time. */
export async function* listedImages(
  paths: readonly string[],
  { stdin, onPassedOver }: ListImagesOptions,
): AsyncGenerator<ListedImage, void, undefined> {
  if (paths.filter((path) => path === '-').length > 1)
    throw new GmlpError('invalid-argument', 'listedImages: expected - once at most, it stands for one image on standard input');
  for (const path of paths) {
    if (path === '-') {
      yield { name: path, read: () => readImageBytes(stdin, 'standard input') };
      continue;
    }
    if (!(await isFolder(path))) {
      yield imageFile(path);
      continue;
    }
    let found = 0;
    for await (const image of inFolder(path, onPassedOver)) {
      found++;
      yield image;
    }
    if (found === 0) yield unread(path, new GmlpError('not-found', 'no file in it is an image by its name (.jpg, .png, …)'));
  }
}

/** Of an address, and of what is not there, reading tells. */
export const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );

const imageFile = (path: string): ListedImage => ({ name: path, read: (signal) => readImageFile(path, { signal }) });

const unread = (name: string, error: unknown): ListedImage => ({ name, read: () => Promise.reject(error) });

/** Images in folders inside of it too; hidden files and what links to folders are passed over. */
async function* inFolder(folder: string, onPassedOver: (path: string) => void): AsyncGenerator<ListedImage, void, undefined> {
  let names: { readonly name: string; readonly folderInside: boolean }[];
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    names = entries.map((entry) => ({ name: entry.name, folderInside: entry.isDirectory() }));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    yield unread(folder, new GmlpError('io', `the folder cannot be read: ${reason}`, { path: folder }, { cause }));
    return;
  }
  names.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const { name, folderInside } of names) {
    if (name.startsWith('.')) continue;
    const path = join(folder, name);
    if (folderInside) yield* inFolder(path, onPassedOver);
    else if (hasImageName(name)) yield imageFile(path);
    else onPassedOver(path);
  }
}
