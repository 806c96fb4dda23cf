/** For tests: a tiny gMLP for images with random weights, as the files of its directory, and a PNG. */
import { crc32, deflateSync } from 'node:zlib';
import { type HostArray, hostArray, key, mapTree, pathName, randomNormal, sizeOf, split } from '@gmlp/base';
import { encodeModelFiles } from '@gmlp/checkpoint';
import { type Parameter, toNamed } from '@gmlp/layers';
import { createModel, type ModelOptions } from '@gmlp/models';
import { formatPreprocessing, imagenetNormalisation } from '@gmlp/vision';
import type { ModelFiles } from '../worker/messages.ts';

const smallOptions: ModelOptions = {
  family: 'gmlp-vision',
  imageSize: 16,
  patchSize: 4,
  channels: 8,
  hiddenChannels: 16,
  layers: 2,
  head: { classes: 7 },
};

function randomParams(spec: unknown): unknown {
  return mapTree<Parameter, HostArray, unknown>(spec, ({ shape }, path) =>
    hostArray(
      'float32',
      shape,
      randomNormal(split(key(3), pathName(path)), sizeOf(shape)).map((value) => value / 4),
    ),
  );
}

export function smallClassifierFiles(): ModelFiles {
  const { config, module } = createModel(smallOptions);
  const classes = Array.from({ length: 7 }, (_, index) => ({ id: `${index}`, name: `kind ${index}` }));
  const transform = { size: 16, cropFraction: 0.9, interpolation: 'bicubic', ...imagenetNormalisation } as const;
  const tensors = toNamed<HostArray>(randomParams(module.spec));
  return encodeModelFiles({ config, tensors, preprocessing: formatPreprocessing({ classes, transform }) });
}

/** An RGB image without interlacing, row by row. */
export function pngOf(
  width: number,
  height: number,
  colour: (x: number, y: number) => readonly [number, number, number],
): Buffer {
  const rows = Buffer.alloc(height * (1 + 3 * width));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) rows.set(colour(x, y), y * (1 + 3 * width) + 1 + 3 * x);
  }
  const chunk = (type: string, content: Uint8Array): Buffer => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), content]);
    const [length, crc] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(content.length);
    crc.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, crc]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
  return Buffer.concat([signature, chunk('IHDR', head), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]);
}
