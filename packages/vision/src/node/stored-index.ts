/** Makes the index of some files, or takes the one that was made before and stored, if it is of these files. */
import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import { GmlpError } from '@gmlp/base';
import { edgeFingerprint, openRegularFile, readFailure, readFully, writeWholeFile } from '@gmlp/base/node';
import type { BadSamples } from '../bad-samples.ts';
import type { ImageClass } from '../image-source.ts';
import { decodeIndex, encodeIndex, type IndexedFile, type IndexHead } from '../index-format.ts';
import type { SampleIndex } from '../sample-index.ts';
import type { FilePool } from './file-pool.ts';

export interface BuiltIndex {
  readonly classes: readonly ImageClass[];
  readonly index: SampleIndex;
}

export interface StoredIndexOptions {
  /** Where the index is kept; it is made each time unless given. */
  readonly path: string | undefined;
  /** What decides the samples beside the files. */
  readonly made: Readonly<Record<string, unknown>>;
  readonly pool: FilePool;
  readonly bad: BadSamples;
  readonly signal?: AbortSignal | undefined;
  build(): Promise<BuiltIndex>;
}

export async function storedIndex({ path, pool, bad, signal, build, ...options }: StoredIndexOptions): Promise<BuiltIndex> {
  const made = JSON.stringify(options.made);
  const stored = path === undefined ? undefined : await readIndex(path);
  if (path !== undefined && stored !== undefined) {
    expectSame(path, stored.head, made, pool.names);
    pool.expect(stored.head.files, path);
    // Of many files the others are looked at when they are opened.
    for (let file = 0; file < Math.min(pool.names.length, lookedAt); file++) await pool.use(file, async () => {});
    bad.reportAll(stored.head.skipped.counts, stored.head.skipped.listed);
    return { classes: stored.head.classes, index: stored.index };
  }
  // Found out now, and not after the archive was walked through.
  if (path !== undefined) await expectFolder(dirname(path), path);
  const built = await build();
  if (path !== undefined) {
    const files: IndexedFile[] = [];
    for (const [file, name] of pool.names.entries()) {
      files.push(
        await pool.use(file, async (bytes) => ({ name, size: bytes.size, fingerprint: await edgeFingerprint(bytes, signal) })),
      );
    }
    const skipped = { counts: Object.fromEntries(bad.counts), listed: bad.listed };
    const bytes = encodeIndex({ made, files, classes: built.classes, skipped }, built.index, crc32);
    await writeWholeFile('openImageSource', path, (writeAt) => writeAt(bytes, 0));
    pool.expect(files, path);
  }
  return built;
}

async function expectFolder(folder: string, path: string): Promise<void> {
  const found = await stat(folder).catch(() => undefined);
  if (found?.isDirectory()) return;
  throw new GmlpError(
    'not-found',
    `openImageSource: the index ${path} cannot be kept: there is no folder ${folder}; make it first`,
    {
      index: path,
    },
  );
}

const lookedAt = 8;
/** Of more images than anybody has. */
const mostIndexBytes = 2 ** 31;

async function readIndex(path: string): Promise<{ readonly head: IndexHead; readonly index: SampleIndex } | undefined> {
  const opened = await openRegularFile('openImageSource', path).catch((cause: unknown) => {
    if (GmlpError.isInstance(cause) && cause.code === 'not-found') return undefined;
    throw cause;
  });
  if (opened === undefined) return undefined;
  const { file, size } = opened;
  try {
    if (size > mostIndexBytes)
      throw new GmlpError('invalid-data', `openImageSource: ${path} has ${size} bytes, too many for an index of images`);
    const bytes = new Uint8Array(size);
    return decodeIndex(bytes.subarray(0, await readFully(file, bytes, 0)), path, crc32);
  } catch (cause) {
    throw readFailure('openImageSource', path, cause);
  } finally {
    await file.close();
  }
}

function expectSame(path: string, head: IndexHead, made: string, names: readonly string[]): void {
  const refuse = (problem: string): GmlpError =>
    new GmlpError(
      'invalid-data',
      `openImageSource: the index ${path} ${problem}; remove it, and it is made anew, or name another file for it`,
      {
        index: path,
      },
    );
  if (head.files.length !== names.length) {
    throw refuse(
      `is of ${head.files.length} files (${head.files[0]?.name ?? 'none'}, …), not of these ${names.length} (${names[0]}, …)`,
    );
  }
  if (head.made !== made) throw refuse(`of ${head.files[0]?.name} was made for ${head.made}, not for ${made}`);
}

/** A short name for some settings or a list of classes. */
export const digestOf = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);
