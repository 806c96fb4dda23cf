import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { progressLine } from '@gmlp/training/node';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Recipe } from '../recipes/recipe.ts';
import { sotu } from '../recipes/sotu.ts';
import { expectSameRun } from './expect-same-run.ts';
import { type MadeOf, parseMadeOf, settingsMadeOf } from './made-of.ts';
import { comparable as compared, readRunFile, writeRunFile } from './run-file.ts';
import { runPaths } from './run-paths.ts';

let directory: string;
beforeEach(async () => {
  checkpoint.step = 20;
  directory = await mkdtemp(join(tmpdir(), 'gmlp-same-'));
  await writeRunFile(directory, sotu, 'ort-cpu');
});
afterEach(() => rm(directory, { recursive: true }));

const text = { source: 's', tokenizer: 't', training: 'a', validation: 'b' };
const edited = 'the text /t was changed since it was packed (its SHA-256 is now 12…)';
const madeOf = (recipe: Recipe = sotu, changes: MadeOf['data'] = {}): MadeOf => ({
  recipe: settingsMadeOf(recipe),
  data: { ...text, ...changes },
  order: 2,
});
const checkpoint = {
  step: 20 as number,
  model: new Map(),
  optimiser: new Map(),
  progress: { evaluations: [], seconds: 1 },
};

interface Resumed {
  readonly recipe?: Recipe;
  readonly text?: MadeOf['data'];
  readonly source?: readonly string[];
  readonly accept?: boolean;
  readonly saved?: MadeOf | undefined;
}

/** Goes on from a checkpoint at step 20 as `gmlp train --resume` does, with the recipe of run.json unless one is given. */
async function resumed({ recipe, text: changes, source = [], accept = false, ...rest }: Resumed) {
  const file = (await readRunFile(directory))!;
  const now = recipe ?? file.recipe;
  const saved = 'saved' in rest ? rest.saved : madeOf();
  let said = '';
  const outcome = await expectSameRun(
    { checkpoint, ...(saved && { madeOf: saved }) },
    {
      paths: runPaths(directory),
      file,
      recipe: now,
      madeOf: madeOf(now, changes),
      sourceChanges: source,
      accept,
      progress: progressLine({ stream: { write: (line) => (said += line) } }),
    },
  );
  return { ...outcome, said };
}

const other = {
  ...sotu,
  seed: sotu.seed + 1,
  batchSize: sotu.batchSize + 1,
  optimiser: { ...sotu.optimiser, peakRate: 0.5 },
  data: { ...sotu.data, maskRate: 0.4 },
} satisfies Recipe;

it('goes on with what the checkpoint was computed from, wherever its text lies and whatever it is called', async () => {
  await resumed({});
  await resumed({ recipe: { ...sotu, name: 'other', claim: 'more', data: { ...sotu.data, source: sotu.data.source } } });
  await resumed({ saved: undefined });
});

it('a checkpoint of another order of batches is refused by the versions of both, and gone on with where that is accepted', async () => {
  const { order: _, ...older } = madeOf(); // before it was written down
  expect(parseMadeOf(JSON.parse(JSON.stringify(madeOf())))).toEqual(madeOf());
  await expect(resumed({ saved: parseMadeOf(older) })).rejects.toThrow(
    /another order: it was trained by version 1 of it, and this gmlp has version 2\n[\s\S]*--accept-changes/,
  );
  expect(await resumed({ saved: parseMadeOf(older), accept: true })).toMatchObject({ comparable: false });
});

it('an edited run.json is refused by the names of what differs', async () => {
  await writeRunFile(directory, other, 'ort-cpu');
  await expect(resumed({})).rejects.toThrow(
    new RegExp(
      [
        'is no longer what its checkpoint of step 20 was computed from:',
        `  recipe.seed was ${sotu.seed}, is ${other.seed}`,
        `  recipe.data.maskRate was ${sotu.data.maskRate}, is 0.4`,
        `  recipe.optimiser.peakRate was ${sotu.optimiser.peakRate}, is 0.5`,
        `  recipe.batchSize was ${sotu.batchSize}, is ${other.batchSize}`,
        '[\\s\\S]*--accept-changes$',
      ].join('\n'),
    ),
  );
});

it.each([
  [{ training: 'c' }, /\n {2}the text to train on \(training\.packed\) changed/],
  [{ validation: 'c' }, /\n {2}the held-out text \(validation\.packed\) changed/],
  [{ tokenizer: 'c' }, /\n {2}the tokenizer \(tokenizer\.json\) changed/],
  [{ source: 'c' }, /\n {2}the documents changed/],
  [{ training: 'b', validation: 'a' }, /\n {2}the data to train on and the held-out data were exchanged/],
])('%o: other text is refused', async (changes, message) => {
  await expect(resumed({ text: changes })).rejects.toThrow(message);
});

it('accepted changes are noted in run.json, once, and need no second word before the next checkpoint', async () => {
  await expect(resumed({ recipe: other })).rejects.toThrow(/recipe\.seed was/);
  await resumed({ recipe: other, text: { training: 'c' }, accept: true });
  const file = (await readRunFile(directory))!;
  expect(file.recipe).toEqual(other);
  expect(file.accepted).toMatchObject([
    { step: 20, changes: expect.arrayContaining([`recipe.seed was ${sotu.seed}, is ${other.seed}`]) },
  ]);
  expect(file.accepted![0]!.changes.at(-1)).toContain('the text to train on (training.packed) changed');
  await resumed({ text: { training: 'c' } });
  await expect(resumed({ text: { training: 'd', tokenizer: 'd' } })).rejects.toThrow(/tokenizer.json\) changed/);
  await resumed({ recipe: sotu, accept: true });
  expect((await readRunFile(directory))!).toMatchObject({ recipe: sotu, accepted: [{ step: 20 }, { step: 20 }] });
});

it('a second change of what was accepted is a change again', async () => {
  await resumed({ text: { training: 'c' }, accept: true });
  await resumed({ text: { training: 'c' } });
  await expect(resumed({ text: { training: 'd' } })).rejects.toThrow(/training\.packed\) changed: its SHA-256 was a…, is d…/);
});

it('an edited source is refused by name; accepted and noted once it stays so, at every step, until it is edited again', async () => {
  await expect(resumed({ source: [edited] })).rejects.toThrow(
    /the text \/t was changed[\s\S]*--accept-changes\. With them it trains on the tokens that it packed before; .* remove .*text too$/,
  );
  await resumed({ source: [edited], accept: true });
  expect((await readRunFile(directory))!.accepted).toMatchObject([{ step: 20, changes: [edited] }]);
  checkpoint.step = 40;
  await resumed({ source: [edited] });
  await expect(resumed({ source: [edited.replace('12', '34')] })).rejects.toThrow(/now 34/);
  expect((await readRunFile(directory))!.accepted).toHaveLength(1);
});

it('who asks for more steps accepts these and nothing else', async () => {
  const longer = { ...sotu, steps: sotu.steps + 1 };
  for (const changes of [{ text: { training: 'c' } }, { source: [edited] }]) {
    const error: unknown = await resumed({ recipe: longer, ...changes }).catch((thrown: unknown) => thrown);
    expect((error as Error).message).toMatch(/training\.packed\) changed|the text \/t was changed/);
    expect((error as Error).message).not.toContain('recipe.steps');
  }
  await resumed({ recipe: longer });
  expect((await readRunFile(directory))!).toMatchObject({ recipe: { steps: longer.steps }, accepted: [{ step: 20 }] });
});

it.each<[string, boolean, Resumed]>([
  [
    'another rate and text to train on',
    true,
    { recipe: { ...other, seed: sotu.seed, data: sotu.data }, text: { training: 'c', source: 'c' } },
  ],
  ['an edited source, as the packed tokens are read', true, { source: [edited] }],
  ['another held-out text', false, { text: { validation: 'c' } }],
  ['another tokenizer', false, { text: { tokenizer: 'c' } }],
  ['another mask rate', false, { recipe: { ...sotu, data: other.data } }],
  ['another seed, which draws the masks', false, { recipe: { ...sotu, seed: 9 } }],
])('%s: whether figures of before may be compared is %s, and said, until a checkpoint has it', async (_, comparable, change) => {
  const first = await resumed({ ...change, accept: true });
  const { recipe: __, ...again } = change; // it stands in run.json now
  const second = await resumed(again);
  for (const each of [first, second]) {
    expect(each.comparable).toBe(comparable);
    expect(each.said.includes('evaluations up to step 20 are not compared with those from here on')).toBe(!comparable);
  }
  const file = (await readRunFile(directory))!;
  expect(file.accepted).toMatchObject([{ step: 20, ...(!comparable && { measuresAnew: true }) }]);
  const points = [10, 20, 30].map((step) => [step, 1] as const);
  expect(compared(file, points)).toEqual(comparable ? points : points.slice(1));
  const saved = madeOf(file.recipe, change.text);
  expect(await resumed({ ...again, saved })).toMatchObject({ comparable: true });
});
