/** What the readers of archives share while they find the samples. */
import { GmlpError } from '@gmlp/base';
import type { ByteSource } from '@gmlp/base/node';
import { type BadSample, type BadSamples, badSampleOf } from '../bad-samples.ts';
import type { ImageClass } from '../image-source.ts';
import { type SampleIndexBuilder, sampleIndexBuilder } from '../sample-index.ts';
import type { FilePool } from './file-pool.ts';
import { mostImageBytes } from './indexed-source.ts';
import { type LabelTable, unknownClass } from './label-table.ts';
import type { BuiltIndex } from './stored-index.ts';
import { type TarEntry, type TarPart, tarEntries } from './tar-entries.ts';

export interface IndexProgress {
  readonly file: string;
  /** How far in it the samples are known, and how many are known in all. */
  readonly bytes: number;
  readonly totalBytes: number;
  readonly samples: number;
}

export interface IndexContext {
  readonly pool: FilePool;
  readonly bad: BadSamples;
  readonly labels: LabelTable;
  /** The classes that were given. */
  readonly given: readonly ImageClass[] | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: IndexProgress) => void) | undefined;
}

export interface IndexRun {
  /** The entries of a tar. What is wrong with the tar is reported, and ends it. */
  entries(bytes: ByteSource, part?: TarPart): AsyncGenerator<TarEntry, void, undefined>;
  /** Takes an entry as an image of a class, or reports what is wrong with it. */
  add(file: number, entry: TarEntry, classId: string, name?: string): void;
  report(
    file: number,
    entry: { readonly offset: number; readonly path: string },
    reason: BadSample['reason'],
    detail: string,
  ): void;
  finish(): BuiltIndex;
}

export function indexRun({ pool, bad, labels, given, signal, onProgress }: IndexContext): IndexRun {
  const builder: SampleIndexBuilder = sampleIndexBuilder();
  const seen = new Set<string>();
  let [samples, seenIn] = [0, 0];
  let lost: BadSample | undefined;
  const report: IndexRun['report'] = (file, { offset, path }, reason, detail) =>
    bad.report({ file: pool.names[file]!, offset, key: path, reason, detail });
  return {
    async *entries(bytes, part = {}) {
      let entries = 0;
      try {
        for await (const entry of tarEntries(bytes, { ...part, signal })) {
          if (entries++ % 1000 === 0) {
            if (signal?.aborted)
              throw new GmlpError('aborted', `openImageSource: ${bytes.name}: stopped`, {}, { cause: signal.reason });
            onProgress?.({ file: bytes.name, bytes: entry.offset, totalBytes: bytes.size, samples });
          }
          yield entry;
        }
      } catch (cause) {
        const found = badSampleOf(cause);
        if (found === undefined) throw cause;
        bad.report(found, cause);
        // What lies behind is not known; of a tar inside of another it is.
        if (part.end === undefined) lost ??= found;
      }
    },
    add(file, entry, classId, name = entry.path) {
      const { offset, size: length } = entry;
      const refuse = (reason: BadSample['reason'], detail: string): void => report(file, { offset, path: name }, reason, detail);
      const label = labels.numberOf(classId); // before anything is refused: a class of bad images alone keeps its place
      if (entry.kind !== 'file') return refuse('no file', 'a link or a device, which holds no image');
      if (length === 0) return refuse('empty', 'it has no bytes');
      if (length > mostImageBytes) return refuse('damaged', `${length} bytes, more than an image has`);
      if (label === undefined) return refuse('unknown class', unknownClass(classId, given));
      if (file !== seenIn) seen.clear(); // names of another archive are its own
      seenIn = file;
      if (seen.has(name)) return refuse('duplicate', 'there was another of this name before it');
      seen.add(name);
      builder.add({ file, offset, length, label, name });
      samples++;
    },
    report,
    finish() {
      if (lost !== undefined && labels.dependsOnAll) throw classesLost(lost);
      const { classes, labelOf } = labels.finish();
      return { classes, index: builder.build(labelOf) };
    },
  };
}

/** With `onBad: 'skip'` too: a label that is wrong is worse than an image that is missing. */
function classesLost({ file, offset, detail }: BadSample): GmlpError {
  return new GmlpError(
    'invalid-data',
    `openImageSource: ${file} is not known from byte ${offset} on (${detail}), and a class that is only there would give the others other labels; give all classes as "classes", or repair it`,
    { file, offset },
  );
}

/** A source without a sample is a mistake of whoever named it. */
export function expectSome(built: BuiltIndex, names: readonly string[], expected: string): BuiltIndex {
  if (built.index.count > 0) return built;
  throw new GmlpError('invalid-data', `openImageSource: no image in ${names.slice(0, 3).join(', ')}: expected ${expected}`, {
    files: names,
  });
}
