import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { progressLine } from '@gmlp/training/node';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DryRun } from '../dry-run/dry-run.ts';
import { leafCommands } from '../leaf-commands.ts';
import { createProgram } from '../program.ts';
import { tinyRunFolder } from '../report/tiny-run-folder.ts';
import { tinyRecipe } from '../run/tiny-run.ts';
import { noInput, runCommand } from '../run-command.ts';
import { writePicture, writeSmallImageModel } from '../saved-model/small-image-model.ts';
import { smallText, smallTokens, writeSmallModel } from '../saved-model/small-saved-model.ts';
import { prepareText } from '../tasks/text/prepare-text.ts';
import { runningText } from '../tasks/text/running-text.ts';
import { examples } from './examples.ts';

/** Minutes of training: what they say is read, and nothing runs. */
const long: readonly RegExp[] = [
  /^gmlp (quickstart|restore|finetune squad)/,
  /^gmlp train (sotu|--variant)/,
  /^gmlp data (pack|tokenizer) hub:/,
];
/** Where a shell would write what is printed. */
const redirect = / > \S+$/;

const before = process.cwd();
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gmlp-examples-'));
  process.chdir(folder);
  await mkdir('my-text');
  await writeFile(join('my-text', 'a.txt'), smallText.repeat(20));
  await writeFile(join('my-text', 'b.txt'), smallText.repeat(20));
  const { config } = await writeSmallModel(join('runs', 'sotu', 'model'));
  const { family, channels, hiddenChannels, layers } = config as {
    family: 'gmlp-language';
    channels: number;
    hiddenChannels: number;
    layers: number;
  };
  const data = { source: 'text' as const, path: 'my-text', heldOut: 1, vocabulary: 285, maskRate: 0.15 };
  await tinyRunFolder(join('runs', 'sotu'), {
    recipe: { data, model: { family, channels, hiddenChannels, layers, tokens: smallTokens }, batchSize: 2 },
  });
  const silent = progressLine({ stream: { write: () => true } });
  const prepared = await prepareText(
    { ...data, tokens: smallTokens },
    { folder: join('runs', 'sotu', 'text'), seed: 0, form: runningText, progress: silent, now: () => 0, stopIfAborted: () => {} },
  );
  await prepared.close();
  await writeSmallModel(join('runs', 'writer'), undefined, { causal: true });
  await writeSmallImageModel(join('runs', 'my-images'));
  await mkdir('photos');
  for (const [seed, name] of ['cats', 'dogs'].entries()) {
    await mkdir(join('my-images', name), { recursive: true });
    await writePicture(join('my-images', name, 'one.png'), seed);
  }
  await writeSquad();
  await writeTexts();
  await writeFile('words.txt', 'the cat\nsat on the [MASK]\n');
  await writeFile('words.jsonl', '"the cat\\nsat"\n');
  await writePicture('photo.jpg');
  await writePicture(join('photos', 'one.png'), 2);
});
afterAll(async () => {
  process.chdir(before);
  await rm(folder, { recursive: true });
});

/** A question of each version, and answers to them. */
async function writeSquad(): Promise<void> {
  const paragraph = {
    context: 'The Union is strong.',
    qas: [
      { id: 'a', question: 'What is strong?', answers: [{ text: 'The Union', answer_start: 0 }] },
      { id: 'b', question: 'What is weak?', answers: [] },
    ],
  };
  const json = (value: object): string => JSON.stringify({ data: [{ title: 't', paragraphs: [value] }] });
  await writeFile('dev-v1.1.json', json({ ...paragraph, qas: paragraph.qas.slice(0, 1) }));
  await writeFile('dev-v2.0.json', json(paragraph));
  await writeFile('predictions.json', JSON.stringify({ a: 'the union', b: '' }));
  await writeFile('null-odds.json', JSON.stringify({ a: 0.1, b: 0.9 }));
}

/** Classified texts, as GLUE has them and as somebody has. */
async function writeTexts(): Promise<void> {
  const texts = (count: number, between: string): string =>
    Array.from({ length: count }, (_, i) => `${i % 2 ? 'the cat' : 'the dog'} sat${between}${i % 2}\n`).join('');
  await mkdir('SST-2');
  await writeFile(join('SST-2', 'train.tsv'), `sentence\tlabel\n${texts(32, '\t')}`);
  await writeFile(join('SST-2', 'dev.tsv'), `sentence\tlabel\n${texts(2, '\t')}`);
  await writeFile('reviews.csv', `review,stars\n${texts(20, ',')}`);
}

const wordsOf = (line: string): string[] =>
  [...line.replace(redirect, '').matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare!).slice(1);

it('every command has examples, which its help shows', async () => {
  const io = {
    stdout: { write: () => {} },
    stderr: { write: () => {} },
    stdin: noInput,
    env: {},
    signal: new AbortController().signal,
    now: () => 0,
  };
  expect(Object.keys(examples).sort()).toEqual(
    leafCommands(createProgram(io))
      .map(({ name }) => name)
      .sort(),
  );
  for (const [name, lines] of Object.entries(examples)) {
    const { out } = await runCommand([...name.split(' '), '--help']);
    for (const line of lines) {
      expect(line.startsWith(`gmlp ${name}`)).toBe(true);
      expect(out).toContain(`\n  ${line}\n`);
    }
  }
});

/** What a person does with a recipe that was written for them: here it becomes one that is trained in a moment. */
async function editRecipe(): Promise<void> {
  const recipe = await tinyRecipe(folder);
  await writeFile('my-recipe.json', JSON.stringify({ ...recipe, steps: 4, optimiser: { ...recipe.optimiser, warmupSteps: 1 } }));
}

const all = Object.values(examples).flat();

it.each(all.filter((line) => long.some((pattern) => pattern.test(line))))('%s is understood', async (line) => {
  const io = {
    stdout: { write: () => {} },
    stderr: { write: () => {} },
    stdin: noInput,
    env: {},
    signal: new AbortController().signal,
    now: () => 0,
  };
  const program = createProgram(io);
  let understood = false;
  for (const { command } of leafCommands(program))
    command.action(() => {
      understood = true;
    });
  await program.parseAsync(wordsOf(line), { from: 'user' });
  expect(understood).toBe(true);
});

// Here, where all that it loads is loaded for other tests as well.
it('gmlp train --dry-run says what a run would take, makes nothing, and refuses what training would refuse', async () => {
  const there = await readdir(folder, { recursive: true });
  const run = (...args: readonly string[]) => runCommand(['train', ...args, '--dry-run', '--device', 'ort-cpu']);
  const { code, out } = await run('c4-gmlp-xlarge', '--json');
  expect(code).toBe(0);
  const { parameters, unit, units, epochs, time, disk } = JSON.parse(out) as DryRun;
  expect(Math.round(parameters / 1e6)).toBe(942);
  expect({ unit, units }).toEqual({ unit: 'tokens', units: 1e6 * 256 * 512 });
  expect(epochs).toBeUndefined(); // there is no c4/en here
  expect(disk.checkpoint).toBe(12 * parameters);
  expect(time.flops).toBeGreaterThan(0);
  const told = (await run('sotu', '--set', 'steps=24000')).out;
  expect(told).toMatch(
    /^sotu on ort-cpu; nothing is made\nparameters {2}828,349\ntokens .* in 24,000 steps; the text about 5.* times\n/,
  );
  expect(told).toMatch(/an estimate: .* billion multiply-adds a step at .* GFLOP\/s/);
  // Of a run that is gone on with: what is left.
  expect(JSON.parse((await run('runs/sotu', '--set', 'steps=2430', '--json')).out)).toMatchObject({ steps: 2400 });
  expect((await run('soto')).err).toContain('did you mean sotu?');
  expect((await run('--resume', '--out', 'nowhere')).err).toContain('there is no run in nowhere');
  expect(await readdir(folder, { recursive: true })).toEqual(there);
}, 60_000);

it('all others run, one after the other, in one folder', async () => {
  // Runs are removed last.
  const others = all.filter((line) => !long.some((pattern) => pattern.test(line)));
  for (const line of [...others.filter((each) => !each.startsWith('gmlp rm')), ...examples['rm']!]) {
    const signal = line.startsWith('gmlp watch') ? AbortSignal.abort() : new AbortController().signal;
    const { code, out, err } = await runCommand(wordsOf(line.replace('steps=4800', 'steps=6')), { signal });
    expect({ line, code, err: code === 0 ? '' : err }).toEqual({ line, code: 0, err: '' });
    expect(out + err).not.toBe('');
    if (line === 'gmlp recipes sotu --out my-recipe.json') await editRecipe();
  }
  expect(await readdir(folder)).toEqual(expect.arrayContaining(['my-recipe.json', 'sotu.onnx', 'both.html', 'sotu.html']));
  expect(await readdir('runs')).not.toContain('mine');
}, 240_000);
