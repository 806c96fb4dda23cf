/** What is in a source of images: how many of each class, their sizes, and which cannot be decoded. */
import { GmlpError } from '@gmlp/base';
import { type BadSample, badSampleOf, badSamples } from '../bad-samples.ts';
import type { ImageClass, ImageSource } from '../image-source.ts';
import { decodeImage, loadSharp } from './decode-image.ts';

export interface InspectedImages {
  readonly count: number;
  /** In the order of their labels, with how many images each has. */
  readonly classes: readonly (ImageClass & { readonly count: number })[];
  /** How many images were decoded, or should have been. */
  readonly looked: number;
  /** Of those that were decoded; `undefined` where none was. */
  readonly width: SizeRange | undefined;
  readonly height: SizeRange | undefined;
  /** How many there are of each kind: `jpeg`, or `rgb` for pixels that are in no file of their own. */
  readonly kinds: Readonly<Record<string, number>>;
  /** Those that cannot be decoded: how many by reason, and the first thousand. */
  readonly bad: { readonly counts: Readonly<Record<string, number>>; readonly list: readonly BadSample[] };
}

/** Pixels. */
export interface SizeRange {
  readonly least: number;
  readonly median: number;
  readonly most: number;
}

export interface InspectImagesOptions {
  /** Decode so many, evenly spread over all; all by default. */
  readonly sample?: number | undefined;
  /** Called after each image with how many are done. */
  readonly onImage?: ((done: number, of: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Images that are read and decoded at once. */
const atOnce = 8;

export async function inspectImages(
  source: ImageSource,
  { sample = source.count, onImage, signal }: InspectImagesOptions = {},
): Promise<InspectedImages> {
  if (!(Number.isInteger(sample) && sample > 0)) {
    throw new GmlpError('invalid-argument', `inspectImages: expected a sample of at least one image, got ${sample}`, { sample });
  }
  const sharp = await loadSharp();
  const counts = new Float64Array(source.classes.length);
  for (let index = 0; index < source.count; index++) counts[source.label(index)]!++;
  const looked = Math.min(sample, source.count);
  const [widths, heights, kinds] = [new Map<number, number>(), new Map<number, number>(), new Map<string, number>()];
  const bad = badSamples('inspectImages', 'skip');
  const look = async (place: number): Promise<BadSample | undefined> => {
    try {
      const image = await source.read(Math.floor((place * source.count) / looked), { signal });
      const { width, height } = await decodeImage(image, sharp);
      addTo(widths, width);
      addTo(heights, height);
      addTo(kinds, image.encoding.kind);
      return undefined;
    } catch (error) {
      const found = badSampleOf(error);
      if (found === undefined) throw error;
      return found;
    }
  };
  for (let first = 0; first < looked; first += atOnce) {
    if (signal?.aborted) throw new GmlpError('aborted', `inspectImages: stopped after ${first} of ${looked} images`);
    const last = Math.min(looked, first + atOnce);
    const found = await Promise.all(Array.from({ length: last - first }, (_, i) => look(first + i)));
    for (const each of found) if (each !== undefined) bad.report(each);
    onImage?.(last, looked);
  }
  return {
    count: source.count,
    classes: source.classes.map((each, label) => ({ ...each, count: counts[label]! })),
    looked,
    width: rangeOf(widths),
    height: rangeOf(heights),
    kinds: Object.fromEntries(kinds),
    bad: { counts: Object.fromEntries(bad.counts), list: bad.listed },
  };
}

function addTo<Value>(counts: Map<Value, number>, value: Value): void {
  counts.set(value, (counts.get(value) ?? 0) + 1);
}

/** The median is the lower one of the two in the middle. */
function rangeOf(counts: ReadonlyMap<number, number>): SizeRange | undefined {
  const sorted = [...counts].sort(([a], [b]) => a - b);
  const all = sorted.reduce((sum, [, count]) => sum + count, 0);
  let below = 0;
  const middle = sorted.find(([, count]) => {
    below += count;
    return 2 * below >= all;
  });
  if (middle === undefined) return undefined;
  return { least: sorted[0]![0], median: middle[0], most: sorted.at(-1)![0] };
}
