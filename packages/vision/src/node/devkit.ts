/**
 * The development kit of ILSVRC2012 (`ILSVRC2012_devkit_t12.tar.gz`, or the folder that it unpacks to): which numbers stand for which
 * WordNet ids (`data/meta.mat`), and the numbers of the validation images (`data/ILSVRC2012_validation_ground_truth.txt`).
 */
import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, inflateSync } from 'node:zlib';
import { GmlpError } from '@gmlp/base';
import { type ByteSource, isAddress, openBytes, readFailure } from '@gmlp/base/node';
import { byUnits } from '../class-list.ts';
import type { ImageClass } from '../image-source.ts';
import { type MatValue, readMatFile } from '../mat-file.ts';
import { inflateBounded } from './inflate-bounded.ts';
import { tarEntries } from './tar-entries.ts';

export interface Devkit {
  readonly path: string;
  /** The leaves of the hierarchy, sorted by their WordNet ids, with their words. */
  readonly classes: readonly ImageClass[];
  /** The WordNet id of each validation image, in the order of the numbers in their names. */
  readonly groundTruth: readonly string[];
}

const metaName = 'data/meta.mat';
const truthName = 'data/ILSVRC2012_validation_ground_truth.txt';
/** The real one has 2.5 MB, unpacked 15. */
const mostBytes = 2 ** 27;

export async function readDevkit(path: string): Promise<Devkit> {
  const files = await devkitFiles(path);
  const synsets = readSynsets(files.meta, `${path}: ${metaName}`);
  const lines = new TextDecoder().decode(files.truth).split(/\r?\n/);
  while (lines.at(-1)?.trim() === '') lines.pop();
  const groundTruth = lines.map((line, at) => {
    const wnid = /^\s*\d+\s*$/.test(line) ? synsets.byNumber.get(Number(line)) : undefined;
    if (wnid !== undefined) return wnid;
    throw refuse(
      `${path}: ${truthName}`,
      `line ${at + 1} is ${JSON.stringify(line.slice(0, 40))}, which is no number of a class in ${metaName}`,
    );
  });
  if (groundTruth.length === 0) throw refuse(`${path}: ${truthName}`, 'has no line');
  return { path, classes: synsets.classes, groundTruth };
}

async function devkitFiles(path: string): Promise<{ readonly meta: Uint8Array; readonly truth: Uint8Array }> {
  if (!isAddress(path) && (await statOf(path)).isDirectory())
    return { meta: await whole(join(path, metaName)), truth: await whole(join(path, truthName)) };
  const packed = await whole(path);
  const tar = packed[0] === 0x1f && packed[1] === 0x8b ? inflateBounded(gunzipSync, packed, mostBytes, path) : packed;
  const held = inMemory(path, tar);
  const files = new Map<string, Uint8Array>();
  for await (const { path: name, kind, offset, size } of tarEntries(held)) {
    for (const wanted of [metaName, truthName]) {
      if (kind === 'file' && (name === wanted || name.endsWith(`/${wanted}`)))
        files.set(wanted, tar.subarray(offset, offset + size));
    }
  }
  const [meta, truth] = [files.get(metaName), files.get(truthName)];
  if (meta === undefined || truth === undefined)
    throw refuse(path, `holds no ${meta === undefined ? metaName : truthName}; expected ILSVRC2012_devkit_t12.tar.gz`);
  return { meta, truth };
}

const statOf = (path: string): Promise<Stats> =>
  stat(path).catch((cause: unknown) => {
    throw readFailure('openImageSource', path, cause);
  });

async function whole(path: string): Promise<Uint8Array> {
  const bytes = await openBytes('openImageSource', path);
  try {
    if (bytes.size > mostBytes)
      throw refuse(path, `has ${bytes.size} bytes, more than the development kit; expected ILSVRC2012_devkit_t12.tar.gz`);
    return await bytes.read(0, bytes.size);
  } finally {
    await bytes.close();
  }
}

const inMemory = (name: string, bytes: Uint8Array): ByteSource => ({
  name,
  size: bytes.length,
  leastStep: 2 ** 20,
  read: async (offset, length) => bytes.slice(offset, offset + length),
  close: async () => {},
});

/** `synsets` is a table with a row a node of the hierarchy; the classes are those without children. */
function readSynsets(
  bytes: Uint8Array,
  file: string,
): { readonly classes: ImageClass[]; readonly byNumber: ReadonlyMap<number, string> } {
  const table = readMatFile(bytes, file, (packed) => inflateBounded(inflateSync, packed, mostBytes, file)).get('synsets');
  if (table?.kind !== 'table') throw refuse(file, 'holds no table "synsets"');
  const byNumber = new Map<number, string>();
  const classes: ImageClass[] = [];
  const ids = new Set<string>();
  for (const [row, fields] of table.rows.entries()) {
    if (numberIn(fields.get('num_children')) !== 0) continue;
    const [number, id, words] = [numberIn(fields.get('ILSVRC2012_ID')), textIn(fields.get('WNID')), textIn(fields.get('words'))];
    if (number === undefined || id === undefined || !/^n\d{8}$/.test(id) || byNumber.has(number) || ids.has(id)) {
      throw refuse(
        file,
        `row ${row + 1} of "synsets" is no class of its own: expected another ILSVRC2012_ID and another WNID in each`,
      );
    }
    byNumber.set(number, id);
    ids.add(id);
    classes.push({ id, name: words ?? id });
  }
  if (classes.length === 0) throw refuse(file, 'has no row in "synsets" whose num_children is 0');
  return { classes: classes.sort((a, b) => byUnits(a.id, b.id)), byNumber };
}

const numberIn = (value: MatValue | undefined): number | undefined =>
  value?.kind === 'numbers' && value.values.length === 1 ? value.values[0] : undefined;
const textIn = (value: MatValue | undefined): string | undefined => (value?.kind === 'text' ? value.text : undefined);

const refuse = (file: string, problem: string): GmlpError =>
  new GmlpError('invalid-data', `openImageSource: ${file} ${problem}`, { file });
