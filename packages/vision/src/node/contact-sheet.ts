/** Pictures side by side in one: a row for each name. */
import { GmlpError } from '@gmlp/base';
import type { Pixels } from '../pixels/pixels.ts';
import { centerCropped } from '../transform/evaluation-transform.ts';
import { loadSharp } from './decode-image.ts';

export interface SheetRow {
  /** Stands to the left of its pictures, cut where it is long. */
  readonly name: string;
  readonly pictures: readonly Pixels[];
}

export interface ContactSheetOptions {
  /** Pixels of a side of each picture, of which the middle is shown; 96 by default. */
  readonly side?: number | undefined;
}

const gap = 4;
const nameWidth = 168;
/** Characters of a name that fit. */
const longest = 22;
const mostPixels = 2 ** 27;

/** A PNG. Names are drawn in a font of the machine; where it has none they are missing. */
export async function contactSheet(
  rows: readonly SheetRow[],
  { side = 96 }: ContactSheetOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const columns = rows.reduce((most, { pictures }) => Math.max(most, pictures.length), 0);
  const width = nameWidth + columns * (side + gap) + gap;
  const height = rows.length * (side + gap) + gap;
  if (columns === 0 || !(Number.isInteger(side) && side >= 8) || width * height > mostPixels) {
    throw new GmlpError(
      'invalid-argument',
      `contactSheet: expected rows with pictures of 8 pixels a side or more, on a sheet of at most ${mostPixels} pixels; got ${rows.length} rows of at most ${columns} pictures of ${side} pixels`,
      { rows: rows.length, columns, side },
    );
  }
  const sheet = new Uint8Array(width * height * 3).fill(255);
  for (const [row, { pictures }] of rows.entries()) {
    for (const [column, picture] of pictures.entries()) {
      const { data } = centerCropped(picture, { size: side, cropFraction: 1, interpolation: 'bicubic' });
      const [left, top] = [nameWidth + column * (side + gap), gap + row * (side + gap)];
      for (let y = 0; y < side; y++) sheet.set(data.subarray(y * side * 3, (y + 1) * side * 3), ((top + y) * width + left) * 3);
    }
  }
  const names = rows.map(({ name }, row) => {
    const text = `<text x="${nameWidth - 8}" y="${side / 2}" dy="0.35em" text-anchor="end">${inXml(name)}</text>`;
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${nameWidth}" height="${side}" font-family="sans-serif" font-size="13">${text}</svg>`;
    return { input: Buffer.from(svg), left: 0, top: gap + row * (side + gap) };
  });
  const sharp = await loadSharp();
  const png = await sharp(sheet, { raw: { width, height, channels: 3 } })
    .composite(names)
    .removeAlpha()
    .png()
    .toBuffer();
  return new Uint8Array(png);
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** What XML may hold of a text of any origin. */
function inXml(text: string): string {
  const characters = [...text];
  const cut = characters.length > longest ? `${characters.slice(0, longest - 1).join('')}…` : text;
  return cut.replace(/[\p{Cc}\p{Surrogate}\ufffe\uffff]/gu, '\ufffd').replace(/[&<>]/g, (found) => entities[found]!);
}
