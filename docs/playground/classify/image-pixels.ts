/** An image file as the pixels that it holds, and pixels on a canvas. */
import { GmlpError } from '@gmlp/base';
import { type Pixels, pixels } from '@gmlp/vision';

/** As `decodeImage` of `@gmlp/vision/node` refuses too. */
const mostPixels = 2 ** 26;

/** 8-bit RGB, turned upright. As in Node no color profile changes the values, and alpha is dropped. */
export async function decodePicture(file: Blob): Promise<Pixels> {
  const name = file instanceof File ? file.name : 'the file';
  const options = { colorSpaceConversion: 'none', premultiplyAlpha: 'none', imageOrientation: 'from-image' } as const;
  const image = await createImageBitmap(file, options).catch((cause: unknown) => {
    throw new GmlpError('invalid-data', `${name} is no image that this browser reads; take a PNG or JPEG.`, {}, { cause });
  });
  const { width, height } = image;
  try {
    if (width * height > mostPixels)
      throw new GmlpError('invalid-data', `${name} has ${width} by ${height} pixels, more than this page takes.`);
    const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })!;
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, width, height);
    const rgb = new Uint8Array(width * height * 3);
    for (let from = 0, to = 0; to < rgb.length; from += 4, to += 3) {
      rgb[to] = data[from]!;
      rgb[to + 1] = data[from + 1]!;
      rgb[to + 2] = data[from + 2]!;
    }
    return pixels(width, height, rgb);
  } finally {
    image.close();
  }
}

export function drawPixels({ width, height, data }: Pixels, canvas: HTMLCanvasElement): void {
  canvas.width = width;
  canvas.height = height;
  const image = new ImageData(width, height);
  for (let pixel = 0; pixel < width * height; pixel++) {
    image.data.set(data.subarray(3 * pixel, 3 * pixel + 3), 4 * pixel);
    image.data[4 * pixel + 3] = 255;
  }
  canvas.getContext('2d')!.putImageData(image, 0, 0);
}
