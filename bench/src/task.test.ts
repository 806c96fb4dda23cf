import { sizeOf } from '@gmlp/base';
import { expect, it } from 'vitest';
import { gmlpS6, parameterShapes } from './task.ts';
import { readTask, removeTask, writeTask } from './task-folder.ts';

it('is read back as it was written, the same for one seed', async () => {
  const sizes = { ...gmlpS6, blocks: 1, batch: 2, tokens: 4, channels: 6, hidden: 8, classes: 5 };
  const folders = [await writeTask(sizes, 1), await writeTask(sizes, 1)];
  try {
    const [first, second] = await Promise.all(folders.map(readTask));
    expect([...first!.parameters].map(([name, { shape }]) => ({ name, shape }))).toEqual(parameterShapes(sizes));
    expect(first!.images.shape).toEqual([2, 4, 6]);
    expect(first!.labels.data).toHaveLength(2);
    expect(second).toEqual(first);
  } finally {
    await Promise.all(folders.map(removeTask));
  }
});

it('has the parameters of six gMLP-S blocks, a norm and a classifier', () => {
  const count = parameterShapes(gmlpS6).reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  const block = 2 * 256 + 256 * 1536 + 1536 + 2 * 768 + 196 * 196 + 196 + 768 * 256 + 256;
  expect(count).toBe(6 * block + 2 * 256 + 256 * 1000 + 1000);
});
