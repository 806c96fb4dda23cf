import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { key } from '@gmlp/base';
import { checkConfig } from '@gmlp/models';
import { expect, it } from 'vitest';
import { imageDataSchema } from './image-data.ts';
import { openImageParts } from './image-parts.ts';

/** Each file has the first four bytes of a JPEG. */
function tarOf(names: readonly string[]): Buffer {
  const entries = names.map((name) => {
    const block = Buffer.alloc(1024);
    block.write(name, 0);
    block.write('0000644\0', 100);
    block.write('00000000004\0', 124); // its size
    block.write('        0', 148);
    block.write('ustar\x0000', 257);
    const sum = block.reduce((total, byte) => total + byte, 0);
    block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    block.set([0xff, 0xd8, 0xff, 0xe0], 512);
    return block;
  });
  return Buffer.concat([...entries, Buffer.alloc(1024)]);
}

it('another archive in the place of the one that a run began with is refused in a line that says what helps', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gmlp-parts-'));
  try {
    const path = join(folder, 'images.tar');
    const checked = checkConfig(imageDataSchema, { format: 'tar', path, classes: 2, heldOut: 1 });
    if (!checked.ok) throw new Error('the data is refused');
    const open = async (): Promise<void> => {
      const parts = await openImageParts(checked.config, { folder, key: key(0), onProgress: () => {}, onBad: () => {} });
      await parts.close();
    };
    await writeFile(path, tarOf(['cat/1.jpg', 'cat/2.jpg', 'dog/1.jpg']));
    await open();
    await writeFile(path, tarOf(['cat/1.jpg', 'cat/3.jpg', 'dog/1.jpg'])); // of the same size
    const index = join(folder, 'training.index');
    await expect(open()).rejects.toMatchObject({
      message: `${path} is another archive than the one that the run began with; put that one back, or remove ${index} and go on with this one by --accept-changes`,
      fields: { changes: ['data.path'] },
    });
    await rm(index);
    await open();
  } finally {
    await rm(folder, { recursive: true });
  }
});
