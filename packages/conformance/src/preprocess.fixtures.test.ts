/** The evaluation's resize and crop against Pillow's, on photographs, which are not kept here: both are read where they are. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeSafetensors } from '@gmlp/checkpoint';
import { centerCropped } from '@gmlp/vision';
import { decodeImage, loadSharp } from '@gmlp/vision/node';
import { expect, test } from 'vitest';

const [data, fixtures] = [process.env['GMLP_DATA'], process.env['GMLP_FIXTURES']];
const path = join(fixtures ?? '', 'preprocess-224.safetensors');
const there = data !== undefined && fixtures !== undefined && existsSync(path);

test.skipIf(!there)(
  `photographs resized to 256 and cropped to 224 are Pillow's within two levels${there ? '' : ' (skipped: GMLP_FIXTURES names no folder with preprocess-224.safetensors, or GMLP_DATA none with imagenet-sample/)'}`,
  async () => {
    const { tensors } = decodeSafetensors(readFileSync(path), path);
    expect(tensors.size).toBeGreaterThanOrEqual(3);
    const sharp = await loadSharp();
    const differences: number[] = [];
    for (const [name, { data: pillow }] of tensors) {
      const file = join(data!, 'imagenet-sample', 'train', name.split('_')[0]!, name);
      const image = { bytes: readFileSync(file), encoding: { kind: 'jpeg' }, from: { file, offset: 0, key: name } } as const;
      const cropped = centerCropped(await decodeImage(image, sharp), {
        size: 224,
        cropFraction: 0.875,
        interpolation: 'bicubic',
      });
      differences.push(cropped.data.reduce((sum, value, i) => sum + Math.abs(value - Number(pillow[i])), 0) / pillow.length);
    }
    // Where the longer side is cut to whole pixels, as torchvision does, and not rounded, one column is between.
    expect(Math.max(...differences)).toBeLessThan(2);
    expect(Math.min(...differences)).toBe(0);
  },
);
