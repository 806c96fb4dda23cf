/** A folder with a folder a class, which holds its images. They are listed in sorted order, and opened when they are read. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { GmlpError } from '@gmlp/base';
import { readFailure } from '@gmlp/base/node';
import type { BadSamples } from '../bad-samples.ts';
import { byUnits } from '../class-list.ts';
import { hasImageName } from '../image-kind.ts';
import type { ImageClass, ImageSource } from '../image-source.ts';
import { sampleAt, sampleIndexBuilder } from '../sample-index.ts';
import { described, expectSample } from './indexed-source.ts';
import { labelTable, unknownClass } from './label-table.ts';
import { readImageFile } from './read-image-file.ts';

/** Names of folders are compared as they are; hidden files and folders are no part of the data. */
export async function openFolder(root: string, given: readonly ImageClass[] | undefined, bad: BadSamples): Promise<ImageSource> {
  const listing: (Listing & { readonly classId: string })[] = [];
  for (const classId of (await listed(root)).folders) listing.push({ classId, ...(await listed(join(root, classId))) });
  if (!listing.some(({ images }) => images.length > 0)) throw noImages(root, listing);
  const labels = labelTable(given);
  const builder = sampleIndexBuilder();
  for (const { classId, images, others, folders } of listing) {
    const report = (name: string, reason: 'no image' | 'no label' | 'unknown class', detail: string): void =>
      bad.report({ file: join(root, classId, name), offset: 0, key: '', reason, detail });
    const label = labels.numberOf(classId);
    if (label === undefined) {
      for (const name of images) report(name, 'unknown class', unknownClass(classId, given));
      continue;
    }
    for (const name of folders) report(name, 'no label', 'a folder inside the folder of a class, whose images would be left out');
    if (images.length === 0) {
      report(
        '',
        'no image',
        others === 0 ? 'the folder of a class is empty' : `none of its ${others} files is an image by its name`,
      );
    }
    for (const name of images) builder.add({ file: 0, offset: 0, length: 0, label, name: `${classId}/${name}` });
  }
  const { classes, labelOf } = labels.finish();
  const index = builder.build(labelOf);
  return {
    ...described(index, classes, bad),
    async read(at, { signal } = {}) {
      const { label, name } = sampleAt(index, expectSample(at, index.count));
      return { ...(await readImageFile(join(root, name), { signal })), label };
    },
    close: async () => {},
  };
}

interface Listing {
  readonly images: readonly string[];
  /** How many other files there are. */
  readonly others: number;
  readonly folders: readonly string[];
}

async function listed(path: string): Promise<Listing> {
  const entries = await readdir(path, { withFileTypes: true }).catch((cause: unknown) => {
    throw readFailure('openImageSource', path, cause);
  });
  const [images, folders]: [string[], string[]] = [[], []];
  let others = 0;
  for (const entry of entries) {
    if (entry.name.startsWith('.')) continue;
    // What a link leads to says its name: a broken one is found out when it is read.
    if (entry.isDirectory() || (entry.isSymbolicLink() && !hasImageName(entry.name))) folders.push(entry.name);
    else if (hasImageName(entry.name)) images.push(entry.name);
    else others++;
  }
  return { images: images.sort(byUnits), others, folders: folders.sort(byUnits) };
}

/** Often the folder above the right one was named. */
function noImages(root: string, listing: readonly (Listing & { readonly classId: string })[]): GmlpError {
  const above = listing.find(({ folders }) => folders.length > 0);
  const hint =
    above === undefined
      ? ''
      : `; there is ${join(above.classId, above.folders[0]!)}: perhaps ${join(root, above.classId)} is meant`;
  return new GmlpError('invalid-data', `openImageSource: no image in ${root}: expected <class>/<image>.jpg in it${hint}`, {
    path: root,
  });
}
