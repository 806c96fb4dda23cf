/** What tests look at of a source: the id of each sample's class and the mark that `jpeg` put behind its head. */
import { onTestFinished } from 'vitest';
import type { BadSample } from '../bad-samples.ts';
import type { EncodedImage, ImageSource } from '../image-source.ts';
import { type ImageSourceDescription, type OpenImageSourceOptions, openImageSource } from './open-image-source.ts';

export interface Seen {
  readonly samples: readonly (readonly [classId: string, mark: string])[];
  readonly ids: readonly string[];
  readonly bad: readonly BadSample[];
  readonly source: ImageSource;
}

export const markOf = ({ bytes }: EncodedImage): string => Buffer.from(bytes.subarray(4)).toString();

/** Opens a source, reads all of it and closes it. Bad samples are left out, and listed, unless `onBad` says otherwise. */
export async function readAll(description: ImageSourceDescription, options: OpenImageSourceOptions = {}): Promise<Seen> {
  const bad: BadSample[] = [];
  // Plain JSON is all that another thread gets.
  const sent = JSON.parse(JSON.stringify(description)) as ImageSourceDescription;
  const source = await openImageSource(sent, { onBad: (each) => bad.push(each), ...options });
  const samples: (readonly [string, string])[] = [];
  for (let index = 0; index < source.count; index++) {
    const image = await source.read(index);
    if (image.label !== source.label(index)) throw new Error(`sample ${index} has two labels`);
    samples.push([source.classes[image.label]!.id, markOf(image)]);
  }
  await source.close();
  return { samples, ids: source.classes.map(({ id }) => id), bad, source };
}

/** Opens a source that is closed at the end of the test. */
export async function opened(description: ImageSourceDescription, options?: OpenImageSourceOptions): Promise<ImageSource> {
  const source = await openImageSource(description, options);
  onTestFinished(() => source.close());
  return source;
}
