/** An image source of an index: each sample is a piece of a file. */
import { createHash } from 'node:crypto';
import { GmlpError } from '@gmlp/base';
import { Header } from 'tar/header';
import { type BadSample, type BadSamples, badSampleError } from '../bad-samples.ts';
import { imageKind, notAnImage } from '../image-kind.ts';
import type { EncodedImage, ImageClass, ImageSource, SampleOrigin, UnlabelledImage } from '../image-source.ts';
import { type SampleIndex, sampleAt } from '../sample-index.ts';
import type { FilePool } from './file-pool.ts';
import type { BuiltIndex } from './stored-index.ts';
import { tarBlock } from './tar-entries.ts';

/** No picture that anybody trains on is larger, and a damaged size must not take the memory. */
export const mostImageBytes: number = 2 ** 28;

/** Of tars: the head before each image is read with it, so that an index that fits no more is found out. */
export function indexedSource({ classes, index }: BuiltIndex, pool: FilePool, bad: BadSamples): ImageSource {
  return {
    ...described(index, classes, bad),
    async read(at, { signal } = {}) {
      const { file, offset, length, label, name } = sampleAt(index, expectSample(at, index.count));
      const from: SampleOrigin = { file: pool.names[file]!, offset, key: name };
      const whole = await pool.use(file, (bytes) => bytes.read(offset - tarBlock, length + tarBlock, signal));
      const { cksumValid, size } = new Header(Buffer.from(whole.buffer, 0, tarBlock), 0);
      if (!cksumValid || size !== length)
        throw wrong(from, 'damaged', 'there is no such entry; the archive changed since it was indexed');
      return encoded(whole.subarray(tarBlock), label, from);
    },
    close: () => pool.close(),
  };
}

/** What an index says of a source. */
export function described(
  index: SampleIndex,
  classes: readonly ImageClass[],
  bad: BadSamples,
): Omit<ImageSource, 'read' | 'close'> {
  return {
    count: index.count,
    classes,
    skipped: bad.counts,
    fingerprint: fingerprintOf(index, classes),
    label: (at) => index.label[expectSample(at, index.count)]!,
  };
}

/** With what kind of image the bytes are; what is none is an error. */
export function imageOfBytes(bytes: Uint8Array, from: SampleOrigin): UnlabelledImage {
  if (bytes.length === 0) throw wrong(from, 'empty', 'it has no bytes');
  const kind = imageKind(bytes);
  if (kind === undefined) throw wrong(from, 'not an image', notAnImage(bytes));
  return { bytes, encoding: { kind }, from };
}

export const encoded = (bytes: Uint8Array, label: number, from: SampleOrigin): EncodedImage => ({
  ...imageOfBytes(bytes, from),
  label,
});

export const wrong = (from: SampleOrigin, reason: BadSample['reason'], detail: string, cause?: unknown): GmlpError =>
  badSampleError('openImageSource', { ...from, reason, detail }, cause);

export function expectSample(at: number, count: number): number {
  if (Number.isInteger(at) && at >= 0 && at < count) return at;
  throw new GmlpError('invalid-argument', `openImageSource: there is no sample ${at}; there are ${count}`, { index: at, count });
}

/** Not of where the files are: a copy elsewhere is the same data. */
function fingerprintOf({ file, offset, length, label, names }: SampleIndex, classes: readonly ImageClass[]): string {
  const hash = createHash('sha256').update(JSON.stringify(classes.map(({ id }) => id)));
  for (const column of [file, offset, length, label, names]) {
    hash.update(new Uint8Array(column.buffer, column.byteOffset, column.byteLength));
  }
  return hash.digest('hex');
}
