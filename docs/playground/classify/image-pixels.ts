/** An image file as pixels of the size that a model takes. */
import { GmlpError } from '@gmlp/base';

/** The middle of the image, scaled to a square and drawn on white, on a canvas that may be shown. */
export async function drawImage(file: Blob, canvas: HTMLCanvasElement, size: number): Promise<Uint8ClampedArray> {
  const image = await createImageBitmap(file).catch((cause: unknown) => {
    const name = file instanceof File ? file.name : 'the file';
    throw new GmlpError('invalid-data', `${name} is no image that this browser reads; take a PNG or JPEG.`, {}, { cause });
  });
  canvas.width = size;
  canvas.height = size;
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  context.imageSmoothingQuality = 'high';
  context.fillStyle = '#ffffff';
  context.fillRect(0, 0, size, size);
  const side = Math.min(image.width, image.height);
  const [left, top] = [image.width - side, image.height - side].map((rest) => Math.floor(rest / 2)) as [number, number];
  const middle = await createImageBitmap(image, left, top, side, side); // scaled alone, so that its edges are its own
  context.drawImage(middle, 0, 0, size, size);
  image.close();
  middle.close();
  return context.getImageData(0, 0, size, size).data;
}
