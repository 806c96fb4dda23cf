/** The pictures of `bench images`: real ones where there are some, else made up, of the size of ImageNet's. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';

/** A usual size of a picture of ImageNet. */
const [width, height] = [500, 375];

/** Writes a folder of two classes. A smooth picture with some noise, which is about as many bytes as a photograph of that size. */
export async function makeImageFolder(folder: string, count: number): Promise<void> {
  for (let index = 0; index < count; index++) {
    const classFolder = join(folder, index % 2 === 0 ? 'even' : 'odd');
    await mkdir(classFolder, { recursive: true });
    await writeFile(join(classFolder, `${index}.jpg`), await madeUp(index));
  }
}

async function madeUp(index: number): Promise<Buffer> {
  const data = new Uint8Array(width * height * 3);
  let noise = index + 1;
  for (let at = 0; at < data.length; at++) {
    noise = (Math.imul(noise, 1_664_525) + 1_013_904_223) | 0;
    const place = Math.floor(at / 3);
    const wave = Math.sin((place % width) / (20 + index)) + Math.cos(place / width / 30 + (at % 3));
    data[at] = 128 + 50 * wave + (noise >>> 27);
  }
  return sharp(data, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 90 })
    .toBuffer();
}
