/** Pictures small enough to stand in a page, as data URLs. */
import { type ImageSource, type Normalisation, type Pixels, pixels } from '@gmlp/vision';
import { decodeImage, loadSharp } from '@gmlp/vision/node';

/** Pixels of the longer side; smaller pictures stay as they are. */
const side = 112;

/** A sample of a source as it lies there. */
export async function smallPictureOf(source: ImageSource, index: number): Promise<string> {
  return dataUrl(await decodeImage(await source.read(index), await loadSharp()));
}

/** What a model is given, as it was before its values were normalised. */
export function smallPictureOfValues(values: Float32Array, size: number, { mean, deviation }: Normalisation): Promise<string> {
  const bytes = Uint8Array.from(values, (value, at) => {
    const shown = Math.round(255 * (value * deviation[at % 3]! + mean[at % 3]!));
    return Math.max(0, Math.min(255, shown));
  });
  return dataUrl(pixels(size, size, bytes));
}

async function dataUrl({ width, height, data }: Pixels): Promise<string> {
  const sharp = await loadSharp();
  const jpeg = await sharp(data, { raw: { width, height, channels: 3 } })
    .resize({ width: side, height: side, fit: 'inside', withoutEnlargement: true })
    .jpeg({ quality: 82, chromaSubsampling: '4:4:4' })
    .toBuffer();
  return `data:image/jpeg;base64,${jpeg.toString('base64')}`;
}
