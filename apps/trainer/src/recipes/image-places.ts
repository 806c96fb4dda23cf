/** Where the images of a path are: in a folder with a folder for each class, below `train` of one, or in a tar. */
import { readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { textExtensions } from '@gmlp/text/node';
import { hasImageName } from '@gmlp/vision';

export interface ImagePlaces {
  readonly path: string;
  /** Images of their own to validate on. */
  readonly validation?: string;
}

/** Beside `train`, as the folders of images to validate on are usually called. */
const validationNames = ['val', 'validation', 'valid', 'test'];

/** `undefined` where there is nothing, or text. */
export async function imagePlaces(path: string): Promise<ImagePlaces | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return undefined;
  if (!found.isDirectory()) return extname(path).toLowerCase() === '.tar' ? { path } : undefined;
  if (await hasClasses(path)) return { path };
  const train = join(path, 'train');
  if (!(await hasClasses(train))) return undefined;
  for (const validation of validationNames.map((name) => join(path, name)))
    if (await hasClasses(validation)) return { path: train, validation };
  return { path: train };
}

/** Folders of images. Text beside them makes them the pictures of a text, but for what is written about two classes or more. */
async function hasClasses(path: string): Promise<boolean> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  const texts = entries.filter(({ name }) => textExtensions.includes(extname(name).toLowerCase()));
  if (texts.some(({ name }) => !/^(readme|licen[cs]e|citation|changelog)\b/i.test(name))) return false;
  let needed = texts.length > 0 ? 2 : 1;
  for (const entry of entries) {
    if (!entry.isDirectory()) continue;
    if ((await readdir(join(path, entry.name))).some(hasImageName) && --needed === 0) return true;
  }
  return false;
}

/** Whether a path is an image, or a folder with one in it or in the folders below. */
export async function hasImages(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory() !== true) return found !== undefined && hasImageName(path);
  for (const entry of await readdir(path, { withFileTypes: true })) {
    if (entry.isDirectory() ? await hasImages(join(path, entry.name)) : hasImageName(entry.name)) return true;
  }
  return false;
}
