import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runTraining } from '../run/run-training.ts';
import { tinyRecipe } from '../run/tiny-run.ts';
import { runCommand } from '../run-command.ts';
import { languageFamilies } from '../saved-model/load-language-model.ts';
import { smallText, writeSmallModel } from '../saved-model/small-saved-model.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gmlp-eval-'));
  await mkdir(join(folder, 'text'));
  await writeFile(join(folder, 'text', 'a.txt'), smallText.repeat(20));
});
afterAll(() => rm(folder, { recursive: true }));

it.each(languageFamilies)('gives on a text of one’s own the loss that the answers of a %s have', async (family) => {
  const model = join(folder, family);
  await writeSmallModel(model, undefined, { family }); // all pieces are equally likely
  const { code, out } = await runCommand(['eval', model, '--data', join(folder, 'text'), '--json']);
  expect(code).toBe(0);
  const { loss, perplexity, maskedTokens } = JSON.parse(out) as { loss: number; perplexity: number; maskedTokens: number };
  expect(loss).toBeCloseTo(Math.log(285), 5);
  expect(perplexity).toBeCloseTo(285, 2);
  expect(maskedTokens).toBeGreaterThan(20);
});

it('gives on a run’s held-out text the figure that its training wrote', async () => {
  const out = join(folder, 'run');
  const io = {
    stderr: { write: () => true },
    signal: new AbortController().signal,
    now: () => performance.now() / 1000,
    stdout: { write: () => true },
    env: {},
  };
  await runTraining({ out, recipe: await tinyRecipe(await mkdtemp(join(folder, 'text-'))), resume: false }, io);
  const written = (await readFile(join(out, 'metrics.jsonl'), 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { valLoss?: number; emaValLoss?: number });
  const last = written.findLast(({ valLoss }) => valLoss !== undefined)!;
  for (const [flags, expected] of [
    [[], last.valLoss],
    [['--ema'], last.emaValLoss],
  ] as const) {
    const { code, out: printed, err } = await runCommand(['eval', out, '--json', '--device', 'ort-cpu', ...flags]);
    expect({ code, err }).toMatchObject({ code: 0 });
    expect((JSON.parse(printed) as { loss: number }).loss).toBeCloseTo(expected!, 5);
  }
});

it('takes a shard of C4 or a folder of them, and says when a text is too short', async () => {
  const model = join(folder, 'gmlp-language');
  const shards = await mkdtemp(join(folder, 'c4-'));
  const document = { text: smallText.repeat(10), timestamp: '2019-04-25T12:57:54Z', url: 'https://example.org/' };
  await writeFile(join(shards, 'c4-train.00000-of-01024.json.gz'), gzipSync(`${JSON.stringify(document)}\n`));
  for (const path of [shards, join(shards, 'c4-train.00000-of-01024.json.gz')]) {
    const { code, out, err } = await runCommand(['eval', model, '--data', path, '--json']);
    expect({ code, err }).toMatchObject({ code: 0 });
    expect((JSON.parse(out) as { loss: number }).loss).toBeCloseTo(Math.log(285), 5);
  }
  const short = await mkdtemp(join(folder, 'short-'));
  await writeFile(join(short, 'a.txt'), 'cat');
  expect(await runCommand(['eval', model, '--data', short])).toMatchObject({ code: 1, err: expect.stringMatching(/too short/) });
});

it('a model of no run needs a text, and folders without a model are refused', async () => {
  const model = join(folder, 'gmlp-language');
  expect(await runCommand(['eval', model])).toMatchObject({ code: 1, err: expect.stringMatching(/give a text with --data/) });
  expect(await runCommand(['eval', model, '--data', join(folder, 'text'), '--flip'])).toMatchObject({
    code: 1,
    err: expect.stringMatching(/only images have a mirror image/),
  });
  expect(await runCommand(['eval', join(folder, 'text')])).toMatchObject({
    code: 1,
    err: expect.stringMatching(/expected a model directory/),
  });
  expect(await runCommand(['eval', model, '--data', join(folder, 'absent')])).toMatchObject({
    code: 1,
    err: expect.stringMatching(/absent/),
  });
});
