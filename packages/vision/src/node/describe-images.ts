/** Which description a path stands for: what is there says how the images are stored. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { GmlpError } from '@gmlp/base';
import { isAddress, openBytes, shownName } from '@gmlp/base/node';
import type { ReadImageOptions } from '../image-source.ts';
import { isImagePart, webDatasetName } from '../webdataset-key.ts';
import { listArchives } from './list-archives.ts';
import type { ImageSourceDescription } from './open-image-source.ts';
import { tarEntries } from './tar-entries.ts';

/**
 * The description of a folder of class folders, of CIFAR's binary batches, of tars or of parquet files, of one of these files, of an address,
 * or of several, with braces. Of CIFAR the images to train on. Tars are looked into: a tar of tars is ImageNet's, one with numbers or JSON beside
 * its images WebDataset's. What has no description of its own is taken for a folder, which tells what it expects when it is opened.
 */
export async function describeImages(path: string, { signal }: ReadImageOptions = {}): Promise<ImageSourceDescription> {
  const found = isAddress(path) ? undefined : await stat(path).catch(() => undefined);
  if (found?.isDirectory() === true) return describeFolder(path, signal);
  if (/\.parquet$/i.test(withoutQuery(path))) return { format: 'parquet', path };
  const [first] = await listArchives(path, '.tar');
  return describeTar(path, first!, signal);
}

const withoutQuery = (path: string): string => (isAddress(path) ? path.replace(/[?#].*$/s, '') : path);

async function describeFolder(path: string, signal: AbortSignal | undefined): Promise<ImageSourceDescription> {
  const names = await readdir(path);
  const has = (name: string): boolean => names.includes(name);
  if (has('data_batch_1.bin')) return { format: 'cifar10', path, split: 'train' };
  if (has('train.bin')) return { format: 'cifar100', path, split: 'train' };
  if (names.some((name) => /\.parquet$/.test(name))) return { format: 'parquet', path };
  const tar = names.filter((name) => /\.tar$/.test(name)).sort()[0];
  return tar === undefined ? { format: 'folder', path } : describeTar(path, join(path, tar), signal);
}

/** Entries that are looked at. */
const most = 100;

async function describeTar(path: string, first: string, signal: AbortSignal | undefined): Promise<ImageSourceDescription> {
  const bytes = await openBytes('openImageSource', first, {}, signal);
  try {
    const images = new Set<string>();
    const labels = new Set<string>();
    let looked = 0;
    let flat = false;
    for await (const entry of tarEntries(bytes, { signal })) {
      if (entry.kind === 'file') {
        if (/\.tar$/.test(entry.path)) return { format: 'ilsvrc2012-train', path };
        const { key, part } = webDatasetName(entry.path) ?? {};
        if (key !== undefined && isImagePart(part!)) images.add(key);
        if (key !== undefined && (part === 'cls' || part === 'json')) labels.add(key);
        if (/^(\.\/)?ILSVRC2012_val_\d+\.JPEG$/.test(entry.path)) flat = true;
      }
      if (flat || ++looked === most) break;
    }
    if ([...images].some((key) => labels.has(key))) return { format: 'webdataset', path };
    if (flat) {
      throw new GmlpError(
        'invalid-argument',
        `describeImages: ${shownName(first)} holds ImageNet's images to validate on, whose labels are in the development kit: expected {"format": "ilsvrc2012-validation", "path": …, "devkit": …}`,
        { path },
      );
    }
    return { format: 'tar', path };
  } finally {
    await bytes.close();
  }
}
