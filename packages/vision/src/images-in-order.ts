/** The images of a source in the order of its epochs, one after another. */
import type { Key } from '@gmlp/base';
import { badSampleOf, badSamples, type OnBadSample } from './bad-samples.ts';
import { type OrderedSample, type SamplesInOrderOptions, samplesInOrder } from './epoch-order.ts';
import type { EncodedImage, ImageSource } from './image-source.ts';

export interface ReadImage extends OrderedSample {
  readonly image: EncodedImage;
}

export interface ImagesInOrderOptions extends SamplesInOrderOptions {
  /** What becomes of a sample that turns out to be broken: an error by default; left out, its place stays empty. */
  readonly onBad?: OnBadSample;
  readonly signal?: AbortSignal;
}

export interface ImagesInOrder extends AsyncIterable<ReadImage> {
  /** How many were left out, by reason. */
  skipped(): ReadonlyMap<string, number>;
}

/** Without a key in the order in which they are stored. */
export function imagesInOrder(
  source: ImageSource,
  key: Key | null,
  { onBad = 'throw', signal, ...options }: ImagesInOrderOptions = {},
): ImagesInOrder {
  const bad = badSamples('imagesInOrder', onBad);
  async function* images(): AsyncGenerator<ReadImage, void, undefined> {
    for (const sample of samplesInOrder(source, key, options)) {
      let image: EncodedImage;
      try {
        image = await source.read(sample.index, { signal });
      } catch (cause) {
        const found = badSampleOf(cause);
        if (found === undefined || onBad === 'throw') throw cause;
        bad.report(found, cause);
        continue;
      }
      yield { ...sample, image };
    }
  }
  return { [Symbol.asyncIterator]: images, skipped: () => bad.counts };
}
