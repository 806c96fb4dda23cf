import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ModelConfig } from '@gmlp/models';
import { trainTokenizer } from '@gmlp/text';
import { packCorpus } from '@gmlp/text/node';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseRecipe } from '../../recipes/recipe.ts';
import { type MaskedLanguageData, maskedLanguage } from '../masked-language.ts';
import type { DataSurroundings } from '../task.ts';

let folder: string;
let tokenizerFile: string;
const at = (...names: readonly string[]): string => join(folder, ...names);
const texts = Array.from({ length: 60 }, (_, i) => `The ${['cat', 'dog', 'bird'][i % 3]} sat on mat number ${i}. `.repeat(8));
const shard = (name: string, of: readonly string[]) =>
  writeFile(at(name), of.map((text) => `${JSON.stringify({ text })}\n`).join(''));
const pack = (rank: number, world: number) =>
  packCorpus(
    ['a.jsonl', 'b.jsonl'].map((name) => ({ kind: 'json-lines', file: at(name) })),
    { ...{ folder: at('corpus'), tokenizerFile, sequenceLength: 16, heldOut: 0.2, duplicates: 'keep' }, rank, world, threads: 1 },
  );
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gmlp-corpus-text-'));
  tokenizerFile = JSON.stringify(
    await trainTokenizer(
      texts.map((text) => ({ text })),
      { vocabularySize: 310 },
    ),
  );
  await shard('a.jsonl', texts.slice(0, 40));
  await shard('b.jsonl', texts.slice(40));
  await pack(0, 2);
});
afterAll(() => rm(folder, { recursive: true }));

const config = {
  family: 'gmlp-language',
  vocabulary: 310,
  tokens: 16,
  channels: 16,
  hiddenChannels: 32,
  layers: 1,
} as ModelConfig;
const printed: string[] = [];
const prepare = (around: Partial<DataSurroundings> = {}, data: Partial<MaskedLanguageData> = {}) =>
  maskedLanguage.prepare(
    { data: { source: 'packed', path: at('corpus'), vocabulary: 310, maskRate: 0.15, ...data }, config, seed: 3, batchSize: 4 },
    {
      ...{ folder: at('run'), goesOn: false, now: () => 0, stopIfAborted: () => {}, ...around },
      progress: { update: () => {}, print: (line) => printed.push(line), clear: () => {} },
    },
  );
async function first(count: number, from: Awaited<ReturnType<typeof prepare>>, begin = 0): Promise<unknown[]> {
  const batches: unknown[] = [];
  for await (const batch of from.training(begin)) if (batches.push(batch) === count) break;
  return batches;
}

it('a run begins with the shards that are there and keeps to them; nothing is packed into its folder', async () => {
  const begun = await prepare();
  expect(printed.at(-1)).toMatch(/^text: 1 packed shards of 2, .*the 1 that are still to be packed are not a part of this run$/);
  expect(await readdir(at('run'))).toEqual(['text.json']);
  const batches = await first(6, begun);
  await begun.close();
  await pack(1, 2);
  const gone = await prepare({ goesOn: true });
  expect(gone.fingerprints).toEqual(begun.fingerprints);
  expect(await first(4, gone, 2)).toEqual(batches.slice(2));
  expect(await gone.changes()).toEqual({ changes: [], notes: [] });
  await gone.close();
  const another = await prepare({ folder: at('later') });
  expect(another.fingerprints['training']).not.toBe(begun.fingerprints['training']);
  await another.close();
});

it('edited text, packed anew, is told by the name of its shard, and is another text', async () => {
  const begun = await prepare({ folder: at('edited') });
  await begun.close();
  await shard('b.jsonl', texts.slice(41));
  await pack(1, 2);
  const now = await prepare({ folder: at('edited'), goesOn: true });
  expect((await now.changes()).changes).toEqual([
    expect.stringMatching(/^the shard .*b\.jsonl of the corpus .* was packed anew from another text/),
  ]);
  expect(now.fingerprints['source']).not.toBe(begun.fingerprints['source']);
  expect(now.fingerprints['tokenizer']).toBe(begun.fingerprints['tokenizer']);
  await now.close();
});

it('what does not fit the model, or is not there, is refused', async () => {
  await expect(prepare({}, { path: at('nowhere') })).rejects.toThrow(/holds no packed corpus/);
  await expect(prepare({ onlyOpen: true, folder: at('none') })).rejects.toMatchObject({ code: 'not-found' });
  const data = { source: 'packed', path: at('corpus'), vocabulary: 310 };
  const recipe = (more: object) => ({
    ...{ name: 'x', steps: 1, batchSize: 4, optimiser: { peakRate: 0.1 }, evaluation: { every: 1 } },
    model: { family: 'gmlp-language', tokens: 16, channels: 16, hiddenChannels: 32, layers: 1 },
    data: { ...data, ...more },
  });
  expect(parseRecipe(recipe({}), 'test').data).toMatchObject(data);
  expect(() => parseRecipe(recipe({ heldOut: 2 }), 'test')).toThrow(/the source packed has its tokenizer and its held-out part/);
  expect(() => parseRecipe(recipe({ source: 'text' }), 'test')).toThrow(/data\.heldOut.*expected a number of documents/s);
});
