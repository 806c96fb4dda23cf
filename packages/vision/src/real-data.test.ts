/** The readers on real files, of which `GMLP_DATA` names the folder. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { key } from '@gmlp/base';
import { expect, test } from 'vitest';
import { imagesInOrder } from './images-in-order.ts';
import { type ImageSourceDescription, openImageSource } from './node/open-image-source.ts';

const data = process.env['GMLP_DATA'];

const cases: [
  name: string,
  count: number,
  classes: number,
  first: string,
  description: (path: string) => ImageSourceDescription,
][] = [
  ['imagenette/train', 2000, 10, 'n01440764', (path) => ({ format: 'folder', path })],
  ['imagenette/val', 600, 10, 'n01440764', (path) => ({ format: 'folder', path })],
  ['imagenet-sample/train', 100, 100, 'n01491361', (path) => ({ format: 'folder', path })],
  ['cifar10-train.tar', 50_000, 10, 'airplane', (path) => ({ format: 'tar', path })],
];

for (const [name, count, classes, first, describe] of cases) {
  const path = data === undefined ? undefined : join(data, name);
  const there = path !== undefined && existsSync(path);
  test.skipIf(!there)(`${name}${there ? '' : ` (skipped: GMLP_DATA names no folder with ${name})`}`, async () => {
    const source = await openImageSource(describe(path!));
    expect([source.count, source.classes.length, source.classes[0]!.id]).toEqual([count, classes, first]);
    const counts = new Float64Array(classes);
    for (let index = 0; index < count; index++) counts[source.label(index)]!++;
    expect([...counts]).toEqual(new Array(classes).fill(count / classes));
    let read = 0;
    for await (const { image } of imagesInOrder(source, key(1), { epochs: 1 })) {
      expect(image.encoding.kind).toBe('jpeg');
      if (++read === 100) break;
    }
    await source.close();
  });
}
