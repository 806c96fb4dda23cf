/** Images in two parts: those that are trained on, and those that are held out. */
import { join } from 'node:path';
import { formatNumber, GmlpError, indexPermutation, type Key } from '@gmlp/base';
import type { BadSample, ImageSource } from '@gmlp/vision';
import { type ImageSourceDescription, openImageSource } from '@gmlp/vision/node';
import type { ImageData } from './image-data.ts';

export interface ImageParts {
  readonly training: ImageSource;
  readonly validation: ImageSource;
  close(): Promise<void>;
}

export interface OpenImages {
  /** Where indices of archives are kept. */
  readonly folder: string;
  readonly key: Key;
  readonly onProgress: (text: string) => void;
  readonly onBad: (bad: BadSample) => void;
}

export async function openImageParts(data: ImageData, { folder, key, onProgress, onBad }: OpenImages): Promise<ImageParts> {
  const open = async (path: string, part: 'training' | 'validation', classes?: ImageSource['classes']): Promise<ImageSource> =>
    openImageSource(descriptionOf(data, path, part, folder, classes), {
      onBad,
      onProgress: (progress) => onProgress(`images of ${path}: ${formatNumber(progress.samples)} found`),
    }).catch((error: unknown) => {
      throw GmlpError.isInstance(error) && error.fields['index'] === indexIn(folder, part) ? otherArchive(path, error) : error;
    });
  const all = await open(data.path, 'training');
  try {
    if (all.classes.length !== data.classes) throw otherClasses(data, all);
    if (data.validation !== undefined) {
      const validation = await open(data.validation, 'validation', all.classes);
      return { training: all, validation, close: async () => void (await Promise.all([all.close(), validation.close()])) };
    }
    const held = data.heldOut < 1 ? Math.max(1, Math.round(data.heldOut * all.count)) : data.heldOut;
    if (held >= all.count) {
      throw new GmlpError(
        'invalid-argument',
        `heldOut is ${data.heldOut}, but ${data.path} has ${formatNumber(all.count)} images; hold out fewer (data.heldOut), or name others (data.validation)`,
        { heldOut: data.heldOut, images: all.count },
      );
    }
    const order = indexPermutation(all.count, key);
    return {
      training: partOf(all, (index) => order(held + index), all.count - held, 'training'),
      validation: partOf(all, order, held, 'validation'),
      close: () => all.close(),
    };
  } catch (error) {
    await all.close();
    throw error;
  }
}

/** The samples at some places of another source. */
function partOf(of: ImageSource, place: (index: number) => number, count: number, part: string): ImageSource {
  return {
    count,
    classes: of.classes,
    fingerprint: `${of.fingerprint} (${part}, ${count})`,
    skipped: of.skipped,
    label: (index) => of.label(place(index)),
    read: (index, options) => of.read(place(index), options),
    close: async () => undefined,
  };
}

function descriptionOf(
  { format, devkit, names }: Pick<ImageData, 'format' | 'devkit' | 'names'>,
  path: string,
  part: 'training' | 'validation',
  folder: string,
  classes: ImageSource['classes'] | undefined,
): ImageSourceDescription {
  if (format === 'cifar10' || format === 'cifar100')
    return { format, path, split: part === 'training' ? 'train' : 'test' } as ImageSourceDescription;
  const known = { ...(classes && { classes }), ...(names !== undefined && { names }) };
  if (format === 'ilsvrc2012-train' && part === 'validation') {
    const index = indexIn(folder, part);
    return { format: 'ilsvrc2012-validation', path, devkit: devkit!, index, ...known };
  }
  const indexed = format === 'tar' || format === 'webdataset' || format === 'ilsvrc2012-train';
  return { format, path, ...known, ...(indexed && { index: indexIn(folder, part) }) } as ImageSourceDescription;
}

const indexIn = (folder: string, part: string): string => join(folder, `${part}.index`);

/** What the index knows of the archive that the run began with tells them apart also where all names and sizes are the same. */
function otherArchive(path: string, cause: GmlpError): GmlpError {
  const index = String(cause.fields['index']);
  return new GmlpError(
    'invalid-data',
    `${path} is another archive than the one that the run began with; put that one back, or remove ${index} and go on with this one by --accept-changes`,
    { index, changes: ['data.path'] },
    { cause },
  );
}

function otherClasses(data: ImageData, { classes }: ImageSource): GmlpError {
  const first = classes
    .slice(0, 3)
    .map(({ id }) => id)
    .join(', ');
  return new GmlpError(
    'invalid-argument',
    `${data.path} has ${classes.length} classes (${first}${classes.length > 3 ? ', …' : ''}), the recipe says ${data.classes}; --set data.classes=${classes.length}`,
    { classes: classes.length, expected: data.classes },
  );
}
