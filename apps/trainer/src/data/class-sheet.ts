/** A contact sheet of a source of images: some of each class, some classes of many. */
import { GmlpError } from '@gmlp/base';
import { writeFileAtomically } from '@gmlp/checkpoint/node';
import { badSampleOf, centerCropped, type ImageSource, type Pixels } from '@gmlp/vision';
import { contactSheet, decodeImage, loadSharp, type SheetRow } from '@gmlp/vision/node';
import { evenlySpread } from '../evenly-spread.ts';
import type { Io } from '../io.ts';

/** Classes of a sheet, and images of each. */
const most = { classes: 40, images: 8 };
/** Pixels of a side of each. */
const side = 96;

/** Writes a PNG. What cannot be decoded leaves its place to the next image of its class. */
export async function writeClassSheet(source: ImageSource, path: string, { signal }: Pick<Io, 'signal'>): Promise<void> {
  const sharp = await loadSharp();
  const shown = evenlySpread(source.classes.length, most.classes);
  const ofClass = new Map(shown.map((label): [number, number[]] => [label, []]));
  for (let index = 0; index < source.count; index++) ofClass.get(source.label(index))?.push(index);
  const rows: SheetRow[] = [];
  for (const [label, indices] of ofClass) {
    const pictures: Pixels[] = [];
    const places = evenlySpread(indices.length, most.images);
    for (const [at, place] of places.entries()) {
      const picture = await firstDecoded(indices.slice(place, places[at + 1]));
      if (picture !== undefined) pictures.push(picture);
    }
    if (pictures.length > 0) rows.push({ name: source.classes[label]!.name, pictures });
  }
  await writeFileAtomically(path, await contactSheet(rows, { side }), { signal });

  async function firstDecoded(indices: readonly number[]): Promise<Pixels | undefined> {
    for (const index of indices) {
      if (signal.aborted) throw new GmlpError('aborted', 'writeClassSheet: stopped', {}, { cause: signal.reason });
      try {
        const picture = await decodeImage(await source.read(index, { signal }), sharp);
        return centerCropped(picture, { size: side, cropFraction: 1, interpolation: 'bicubic' }); // of all of them no more is kept
      } catch (error) {
        if (badSampleOf(error) === undefined) throw error;
      }
    }
    return undefined;
  }
}
