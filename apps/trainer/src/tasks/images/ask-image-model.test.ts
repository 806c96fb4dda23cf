import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkConfig } from '@gmlp/models';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { writeSmallImageModel } from '../../saved-model/small-image-model.ts';
import { askImageModel } from './ask-image-model.ts';
import { imageAnswers } from './image-answers.ts';
import { imageDataSchema } from './image-data.ts';

/** Each class has a channel of its own. */
const classes = ['red', 'green', 'blue'];

async function channelsOf(picture: string): Promise<number[]> {
  const { channels } = await sharp(Buffer.from(picture.slice(picture.indexOf(',')), 'base64')).stats();
  return channels.map(({ mean }) => mean);
}

it('judges each held-out image once, and shows the worst and what was trained on', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gmlp-answers-'));
  try {
    for (const [channel, name] of classes.entries()) {
      await mkdir(join(folder, 'pictures', name), { recursive: true });
      for (let i = 0; i < 20; i++) {
        const data = new Uint8Array(20 * 18 * 3).map((_, at) => (at % 3 === channel ? 200 : (at * (i + 3)) % 60));
        await sharp(data, { raw: { width: 20, height: 18, channels: 3 } }).toFile(join(folder, 'pictures', name, `${i}.png`));
      }
    }
    await writeSmallImageModel(join(folder, 'model'), {
      classes: ['blue', 'green', 'red'].map((name) => ({ id: name, name })),
    });
    const checked = checkConfig(imageDataSchema, { format: 'folder', path: join(folder, 'pictures'), classes: 3, heldOut: 40 });
    if (!checked.ok) throw new Error('the data is refused');
    const answers = await askImageModel({
      ...{ model: join(folder, 'model'), folder, data: checked.config, seed: 5, batchSize: 7, device: 'tfjs-cpu' },
      signal: new AbortController().signal,
    });
    expect(checkConfig(imageAnswers.schema, answers).ok).toBe(true);
    const sum = (of: readonly { readonly count: number }[]): number => of.reduce((total, { count }) => total + count, 0);
    expect(answers.classes.map(({ name }) => name)).toEqual(['blue', 'green', 'red']);
    expect(sum(answers.classes)).toBe(40);
    const right = answers.classes.reduce((total, each) => total + each.right, 0);
    expect(sum(answers.confusions)).toBe(40 - right);
    expect(answers.worst).toHaveLength(Math.min(24, 40 - right));
    expect(right).toBeLessThan(30); // or there is nothing to look at
    for (const { label, picture } of answers.worst) {
      const means = await channelsOf(picture);
      expect(means.indexOf(Math.max(...means))).toBe(2 - label);
    }
    expect(answers.samples).toHaveLength(7);
    expect(imageAnswers.show(answers).markup).toContain('What it learned from');
  } finally {
    await rm(folder, { recursive: true });
  }
});
