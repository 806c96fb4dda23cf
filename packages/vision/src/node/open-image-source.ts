/**
 * Opens labelled images by a description that is plain JSON, so that another process or thread opens the same: from a folder, from
 * tars, from the archives of ImageNet, from WebDataset's shards, from parquet files, from CIFAR's batches.
 */
import { GmlpError, nearestName } from '@gmlp/base';
import type { HttpOptions } from '@gmlp/base/node';
import { openBytes } from '@gmlp/base/node';
import { type BadSamples, badSamples, type OnBadSample } from '../bad-samples.ts';
import { expectDistinct, parseClassList, withNames } from '../class-list.ts';
import type { ImageClass, ImageSource } from '../image-source.ts';
import { type CifarDescription, openCifar } from './cifar-source.ts';
import { readDevkit } from './devkit.ts';
import { type FilePool, filePool } from './file-pool.ts';
import { openFolder } from './folder-source.ts';
import { expectOneArchive, indexTraining, indexValidation } from './ilsvrc-archives.ts';
import type { IndexContext, IndexProgress } from './index-context.ts';
import { indexedSource } from './indexed-source.ts';
import { type LabelTable, labelTable, numberedLabels } from './label-table.ts';
import { listArchives } from './list-archives.ts';
import { openParquet } from './parquet-source.ts';
import { type BuiltIndex, digestOf, storedIndex } from './stored-index.ts';
import { indexTarClasses } from './tar-classes.ts';
import { indexWebDataset } from './webdataset.ts';

/** What every description may say about classes. */
export interface DescribedClasses {
  /**
   * The classes in the order of their labels: the path of a file of them (`parseClassList`), or themselves. Without it they are those
   * that occur, sorted. Open validation data with the classes of the training data: one that misses a class would number others.
   */
  readonly classes?: string | readonly (string | ImageClass)[];
  /** The path of a file that has words for the classes, as ImageNet's `synset_words.txt`; it decides no label. */
  readonly names?: string;
}

/** What the description of an archive may say. */
export interface DescribedArchive extends DescribedClasses {
  /** Where the index of the archive is kept once it is made; a file that does not exist yet, beside the run. It is made each time unless given. */
  readonly index?: string;
}

/** Paths and addresses may have braces, `shard-{000..123}.tar`; a folder stands for the files in it that end as they should. */
export type ImageSourceDescription =
  | ({ readonly format: 'folder'; readonly path: string } & DescribedClasses)
  /** Tars whose folders are the classes. `under`: only what lies in this folder of the tar. */
  | ({ readonly format: 'tar'; readonly path: string | readonly string[]; readonly under?: string } & DescribedArchive)
  | ({ readonly format: 'ilsvrc2012-train'; readonly path: string } & DescribedArchive)
  /** `devkit`: `ILSVRC2012_devkit_t12.tar.gz`, or the folder that it unpacks to. */
  | ({ readonly format: 'ilsvrc2012-validation'; readonly path: string; readonly devkit: string } & DescribedArchive)
  /** `labelField`: where in a sample's JSON its label is, `label` by default. */
  | ({
      readonly format: 'webdataset';
      readonly path: string | readonly string[];
      readonly labelField?: string;
    } & DescribedArchive)
  /** `image` and `label` are the columns' names by default. */
  | ({
      readonly format: 'parquet';
      readonly path: string | readonly string[];
      readonly imageColumn?: string;
      readonly labelColumn?: string;
    } & DescribedClasses)
  | CifarDescription;

export interface OpenImageSourceOptions {
  /** What becomes of samples that something is wrong with, as far as it shows without reading them. An error by default. */
  readonly onBad?: OnBadSample;
  readonly signal?: AbortSignal;
  /** Hears how far an index is. */
  readonly onProgress?: (progress: IndexProgress) => void;
  readonly http?: HttpOptions;
}

export async function openImageSource(
  description: ImageSourceDescription,
  options: OpenImageSourceOptions = {},
): Promise<ImageSource> {
  expectDescription(description);
  const bad = badSamples('openImageSource', options.onBad ?? 'throw');
  if (isCifar(description)) return openCifar(description, bad);
  const given = await classesOf(description.classes);
  const names = await classesOf(description.names);
  const source = await openListed(description, given, bad, options);
  return names === undefined ? source : { ...source, classes: withNames(source.classes, names) };
}

type Listed = Exclude<ImageSourceDescription, CifarDescription>;

const isCifar = (description: ImageSourceDescription): description is CifarDescription =>
  description.format === 'cifar10' || description.format === 'cifar100';

async function openListed(
  description: Listed,
  given: readonly ImageClass[] | undefined,
  bad: BadSamples,
  { http, signal, onProgress }: OpenImageSourceOptions,
): Promise<ImageSource> {
  if (description.format === 'folder') return openFolder(description.path, given, bad);
  const pool = filePool(await listArchives(description.path, description.format === 'parquet' ? '.parquet' : '.tar'), http);
  try {
    if (description.format === 'parquet') {
      const { imageColumn = 'image', labelColumn = 'label' } = description;
      return await openParquet(pool, { imageColumn, labelColumn }, given, bad, signal);
    }
    const { settings, labels, build } = await archiveOf(description, given, pool);
    const made = {
      format: description.format,
      ...settings,
      classes: given === undefined ? null : digestOf(given.map(({ id }) => id)),
    };
    const context: IndexContext = { pool, bad, labels, given, signal, onProgress };
    return indexedSource(
      await storedIndex({ path: description.index, made, pool, bad, signal, build: () => build(context) }),
      pool,
      bad,
    );
  } catch (cause) {
    await pool.close();
    throw cause;
  }
}

interface ArchiveKind {
  /** What decides the samples beside the files and the classes. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly labels: LabelTable;
  readonly build: (context: IndexContext) => Promise<BuiltIndex>;
}

async function archiveOf(
  description: Exclude<Listed, { readonly format: 'folder' | 'parquet' }>,
  given: readonly ImageClass[] | undefined,
  pool: FilePool,
): Promise<ArchiveKind> {
  switch (description.format) {
    case 'tar': {
      const { under } = description;
      return {
        settings: { under: under ?? null },
        labels: labelTable(given),
        build: (context) => indexTarClasses(context, under),
      };
    }
    case 'webdataset': {
      const { labelField = 'label' } = description;
      return {
        settings: { labelField },
        labels: numberedLabels(given),
        build: (context) => indexWebDataset(context, labelField),
      };
    }
    case 'ilsvrc2012-train':
      expectOneArchive(pool.names, description.format);
      return { settings: {}, labels: labelTable(given), build: indexTraining };
    case 'ilsvrc2012-validation': {
      expectOneArchive(pool.names, description.format);
      const devkit = await readDevkit(description.devkit);
      const classes = given ?? devkit.classes;
      return {
        settings: { devkit: digestOf(devkit) },
        labels: labelTable(classes),
        build: (context) => indexValidation({ ...context, given: classes }, devkit),
      };
    }
  }
}

/** A mistake in a description is found here and not where it first matters. */
function expectDescription(description: ImageSourceDescription): void {
  const refuse = (problem: string): GmlpError =>
    new GmlpError('invalid-argument', `openImageSource: ${problem}`, { description });
  const { format, path } = description as { readonly format?: unknown; readonly path?: unknown };
  if (typeof format !== 'string' || !Object.hasOwn(settings, format)) {
    const near = typeof format === 'string' ? nearestName(format, Object.keys(settings)) : undefined;
    const known = near === undefined ? `one of ${Object.keys(settings).join(', ')}` : `"${near}"`;
    throw refuse(`there is no format ${JSON.stringify(format)}; ${near === undefined ? 'expected' : 'did you mean'} ${known}`);
  }
  const known = settings[format as ImageSourceDescription['format']];
  for (const name of Object.keys(description)) {
    if (name !== 'format' && !known.includes(name))
      throw refuse(`the format "${format}" knows no "${name}"; it knows ${known.join(', ')}`);
  }
  const paths = Array.isArray(path) ? path : [path];
  if (paths.length === 0 || !paths.every((each) => typeof each === 'string' && each !== ''))
    throw refuse(`expected a path, got ${JSON.stringify(path)}`);
  if (format === 'ilsvrc2012-validation' && typeof (description as { readonly devkit?: unknown }).devkit !== 'string')
    throw refuse('the labels of the validation images are in the development kit: name ILSVRC2012_devkit_t12.tar.gz as "devkit"');
  const { split } = description as { readonly split?: unknown };
  if (format.startsWith('cifar') && split !== 'train' && split !== 'test')
    throw refuse(`expected "train" or "test" as split, got ${JSON.stringify(split)}`);
}

const settings: Readonly<Record<ImageSourceDescription['format'], readonly string[]>> = {
  folder: ['path', 'classes', 'names'],
  tar: ['path', 'under', 'index', 'classes', 'names'],
  'ilsvrc2012-train': ['path', 'index', 'classes', 'names'],
  'ilsvrc2012-validation': ['path', 'devkit', 'index', 'classes', 'names'],
  webdataset: ['path', 'labelField', 'index', 'classes', 'names'],
  parquet: ['path', 'imageColumn', 'labelColumn', 'classes', 'names'],
  cifar10: ['path', 'split'],
  cifar100: ['path', 'split', 'labels'],
};

async function classesOf(classes: DescribedClasses['classes']): Promise<ImageClass[] | undefined> {
  if (classes === undefined) return undefined;
  if (typeof classes !== 'string') {
    const all = classes.map((each) => (typeof each === 'string' ? { id: each, name: each } : each));
    expectDistinct(all, 'the list of classes');
    return all;
  }
  const bytes = await openBytes('openImageSource', classes);
  try {
    if (bytes.size > mostListBytes)
      throw new GmlpError('invalid-data', `openImageSource: ${classes} has ${bytes.size} bytes, too many for a list of classes`);
    return parseClassList(new TextDecoder().decode(await bytes.read(0, bytes.size)), classes);
  } finally {
    await bytes.close();
  }
}

const mostListBytes = 2 ** 24;
