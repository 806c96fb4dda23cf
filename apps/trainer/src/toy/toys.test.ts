/** A toy task and a toy family, each a file as CONTRIBUTING describes it, trained by `gmlp train`. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commandEnd, startCommand, tinyRecipe } from '../run/tiny-run.ts';
import { workerFile } from '../thread/device-thread.ts';
import { counting } from './counting.ts';

const onSources = workerFile.pathname.endsWith('.ts');
const rows = new URL('./toy-rows.mjs', import.meta.url);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gmlp-toys-'));
});
afterAll(() => rm(folder, { recursive: true }));

it.each(['./counting.ts', '../../../../packages/models/src/toy-language.ts'])('%s has at most 80 lines', async (file) => {
  const lines = (await readFile(new URL(file, import.meta.url), 'utf8')).trimEnd().split('\n');
  expect(lines.length).toBeLessThanOrEqual(80);
});

it('counts a number once in a batch as long as its sequence, and hides it', async () => {
  const config = { family: 'gmlp-language', tokens: 5 } as never;
  const data = await counting.prepare({ data: { numbers: 7 }, config, seed: 1, batchSize: 3 }, undefined as never);
  let batches = 0;
  for await (const { tensors } of data.validation()) {
    batches++;
    const { ids, positions, labels } = tensors;
    for (const row of [0, 1, 2]) {
      const counted = [...ids.data.slice(5 * row, 5 * row + 5)];
      expect(counted[positions.data[row]!]).toBe(7);
      counted[positions.data[row]!] = labels.data[row]!;
      for (const [at, number] of counted.slice(1).entries()) expect(number).toBe((counted[at]! + 1) % 7);
    }
  }
  expect(batches).toBe(data.validationBatches);
});

describe.skipIf(!onSources)('gmlp train (skipped on the build: the toys are put into the tables of the sources)', () => {
  const model = { tokens: 16, channels: 16, hiddenChannels: 32, layers: 1 };
  it.each(['counting', 'toy-language'])('trains %s', { timeout: 60_000 }, async (toy) => {
    const tiny = { ...(await tinyRecipe(await mkdtemp(join(folder, 'text-')))), evaluation: { every: 30 }, steps: 60 };
    const of = {
      counting: { task: 'counting', data: {}, model: { family: 'gmlp-language', ...model } },
      'toy-language': { model: { family: 'toy-language', ...model } },
    }[toy];
    const recipe = join(folder, `${toy}.json`);
    const out = join(folder, toy);
    await writeFile(recipe, JSON.stringify({ ...tiny, name: toy, ...of }));
    const { code, err } = await commandEnd(startCommand(['train', recipe, '--out', out], [rows.href]));
    expect(code, err).toBe(0);
    const lines = (await readFile(join(out, 'metrics.jsonl'), 'utf8')).trimEnd().split('\n');
    const losses = lines.flatMap((line) => (JSON.parse(line) as { loss?: number }).loss ?? []);
    expect(losses.at(-1)).toBeLessThan(losses[0]! - 0.3);
    expect(await readFile(join(out, 'report.html'), 'utf8')).toContain(toy);
  });
});
