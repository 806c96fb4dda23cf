import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { variants } from '@gmlp/models';
import { expect, it } from 'vitest';
import { runProgram } from './program.ts';
import { noInput, runCommand as run } from './run-command.ts';

it('models --json prints an array of name, family, params and macs, and nothing else', async () => {
  const { code, out } = await run(['models', '--json']);
  expect(code).toBe(0);
  const models = JSON.parse(out) as Record<string, unknown>[];
  expect(models.map(({ name }) => name)).toEqual(variants.map(({ name }) => name));
  for (const model of models) {
    expect(Object.keys(model)).toEqual(['name', 'family', 'params', 'macs']);
    expect(model['params']).toBeGreaterThan(1e6);
    expect(model['macs']).toBeGreaterThan(1e9);
  }
});

it('models prints a table with every name', async () => {
  const { out } = await run(['models']);
  for (const { name } of variants) expect(out).toContain(name);
});

it('models <name> prints that model alone, and names the nearest of a misspelt one', async () => {
  const { out } = await run(['models', 'gmlp_xlarge', '--json']);
  expect(JSON.parse(out)).toMatchObject({
    name: 'gmlp_xlarge',
    family: 'gmlp-language',
    input: 'ids 512',
    paper: { parameters: 941 },
  });
  const plain = await run(['models', 'gmlp_xlarge']);
  expect(plain.code).toBe(0);
  expect(plain.out).toMatch(
    /^name +gmlp_xlarge\nfamily +gmlp-language\nparams +\d+\nmacs +\d+\ninput +ids 512\npaper +table \d: 941 M/,
  );
  const misspelt = await run(['models', 'gmlp_xlarg']);
  expect(misspelt).toMatchObject({ code: 1, out: '' });
  expect(misspelt.err).toMatch(/no variant "gmlp_xlarg"; did you mean gmlp_xlarge\?/);
});

it('devices --json says for each device whether it works', async () => {
  const { code, out } = await run(['devices', '--json']);
  expect(code).toBe(0);
  const devices = JSON.parse(out) as { name: string; available: boolean; reason: string; software?: string }[];
  expect(devices.map(({ name }) => name)).toEqual(expect.arrayContaining(['ort-cpu', 'tfjs-wasm', 'tfjs-cpu']));
  for (const { available, reason, software } of devices) expect(reason === '').toBe(available && software === undefined);
});

it.each([
  [['nonsense']],
  [['models', '--nonsense']],
  [['quickstart', '--steps', 'many']],
  [['quickstart', '--seed', '-1']],
  [['restore', '--beam', '0']],
  [['models', 'gmlp_base', 'extra']],
  [['train']],
  [['train', '--resume']],
  [['train', '--set', 'steps=3']],
  [['train', 'sotu', '--set', 'steps']],
  [['recipes', '--set', 'steps=3']],
  [['recipes', '--out', 'mine.json']],
  [['fill-mask', 'model']],
  [['fill-mask', 'model', '[MASK]', '--top', '0']],
  [['fill-mask', 'model', '[MASK]', '--device', 'gpu']],
  [['generate', 'model']],
  [['generate', 'model', 'the', '--temperature', 'hot']],
  [['generate', 'model', 'the', '--tokens', '0']],
  [[]],
])('wrong usage %o exits with 2 and explains itself on standard error', async (args) => {
  const { code, out, err } = await run(args);
  expect(code).toBe(2);
  expect(out).toBe('');
  expect(err).toMatch(/error:|Usage:/);
});

it.each([[['--help']], [['models', '--help']], [['--version']]])(
  '%o exits with 0 and prints to standard output',
  async (args) => {
    const { code, out, err } = await run(args);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).not.toBe('');
  },
);

it('an error is a message without a stack, unless asked for', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gmlp-program-'));
  await writeFile(join(folder, 'precious.txt'), 'not ours');
  const args = ['quickstart', '--out', folder];
  try {
    const plain = await run(args);
    expect(plain).toMatchObject({ code: 1, out: '' });
    expect(plain.err).toMatch(/is not empty and holds no run; choose another --out, or empty it/);
    expect(plain.err).not.toMatch(/\n {4}at /);
    for (const debug of [
      await run([...args, '--debug']),
      await run(['--debug', ...args]),
      await run(args, { env: { GMLP_DEBUG: '1' } }),
    ]) {
      expect(debug.code).toBe(1);
      expect(debug.err).toMatch(/\n {4}at /);
    }
    expect(await readdir(folder)).toEqual(['precious.txt']);
  } finally {
    await rm(folder, { recursive: true });
  }
});

it('a command that has nothing to save never asks for the signal, so that the system ends it at the first', async () => {
  const asked: string[] = [];
  for (const args of [['models'], ['recipes', '--json'], ['completion', 'bash'], ['nonsense']]) {
    await runProgram(args, {
      stdout: { write: () => true },
      stderr: { write: () => true },
      stdin: noInput,
      env: {},
      now: () => 0,
      get signal() {
        asked.push(args.join(' '));
        return new AbortController().signal;
      },
    });
  }
  expect(asked).toEqual([]);
});

it('a file that a command gives is whole or not there, also where it is stopped', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gmlp-program-'));
  try {
    const out = join(folder, 'mine.json');
    const { code, err } = await run(['recipes', 'sotu', '--out', out], { signal: AbortSignal.abort() });
    expect({ code, err }).toEqual({ code: 130, err: expect.stringMatching(/stopped; .*mine\.json was not written/) });
    expect(await readdir(folder)).toEqual([]);
  } finally {
    await rm(folder, { recursive: true });
  }
});

it('a run that is stopped exits with 130', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gmlp-program-'));
  try {
    const { code, out, err } = await run(['quickstart', '--out', join(folder, 'run')], { signal: AbortSignal.abort() });
    expect({ code, out }).toEqual({ code: 130, out: '' });
    expect(err).toMatch(/stopped before training\. Go on with\n {2}gmlp train --resume --out .*run\n$/);
    expect((await readdir(join(folder, 'run'))).sort()).toEqual(['run.json', 'state.json']);
  } finally {
    await rm(folder, { recursive: true });
  }
});

it('recipes --json lists each with its claim, its command and the paper’s figure', async () => {
  const { code, out, err } = await run(['recipes', '--json']);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  const recipes = JSON.parse(out) as { name: string; claim: string; command: string; paper: { perplexity: number } | null }[];
  expect(recipes.map(({ name }) => name)).toEqual(expect.arrayContaining(['sotu', 'c4-gmlp-base', 'realnews-gmlp-mlm-18']));
  expect(recipes.find(({ name }) => name === 'c4-gmlp-base')?.paper?.perplexity).toBe(4.28);
  const table = await run(['recipes']);
  for (const { name, claim, command } of recipes) {
    for (const text of [name, claim, command]) expect(table.out).toContain(text);
  }
});

it('recipes <name> prints a recipe that can be saved and read again', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gmlp-program-'));
  try {
    const first = await run(['recipes', 'sotu', '--set', 'steps=300', '--set', 'name=mine']);
    expect(JSON.parse(first.out)).toMatchObject({ name: 'mine', steps: 300, task: 'masked-language' });
    await writeFile(join(folder, 'mine.json'), first.out);
    expect(await run(['recipes', join(folder, 'mine.json')])).toEqual(first);
    const misspelt = await run(['recipes', 'sotu', '--set', 'stpes=300']);
    expect(misspelt).toMatchObject({ code: 1, out: '' });
    expect(misspelt.err).toMatch(/did you mean steps\?/);
  } finally {
    await rm(folder, { recursive: true });
  }
});

it('recipes <name> --out writes the recipe to a file, and no file twice', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gmlp-program-'));
  const file = join(folder, 'mine.json');
  try {
    const written = await run(['recipes', 'sotu', '--set', 'steps=700', '--out', file]);
    expect(written).toEqual({ code: 0, out: '', err: `wrote ${file}; gmlp train ${file} trains it\n` });
    const text = await readFile(file, 'utf8');
    expect(text).toBe((await run(['recipes', 'sotu', '--set', 'steps=700'])).out);
    const again = await run(['recipes', 'sotu', '--out', file]);
    expect(again).toMatchObject({ code: 1, out: '' });
    expect(again.err).toContain('mine.json is there already; choose another --out, or remove it');
    expect(await readFile(file, 'utf8')).toBe(text);
  } finally {
    await rm(folder, { recursive: true });
  }
});

it('hints, advice and help name commands as they were started', async () => {
  const env = { GMLP_COMMAND: 'npx --yes pnpm@1.2.3 gmlp' };
  expect((await run(['runs', 'absent'], { env })).err).toBe('no runs in absent; npx --yes pnpm@1.2.3 gmlp train begins one\n');
  expect((await run(['train'], { env })).err).toContain('(npx --yes pnpm@1.2.3 gmlp recipes lists them)');
  expect((await run(['train', '--help'], { env })).out).toContain('Usage: npx --yes pnpm@1.2.3 gmlp train');
  expect((await run(['recipes'], { env })).out).toContain('npx --yes pnpm@1.2.3 gmlp train sotu');
  expect((await run(['fill-mask', 'model'], { env })).err).toContain('(npx --yes pnpm@1.2.3 gmlp fill-mask --help shows');
  expect((await run(['trian'], { env })).err).toContain('(npx --yes pnpm@1.2.3 gmlp --help lists the commands and options)');
});

it('--quiet leaves results and errors', async () => {
  expect(await run(['recipes', '--quiet'])).toMatchObject({ code: 0, out: expect.stringContaining('sotu') as string, err: '' });
  expect(await run(['--quiet', 'runs', 'absent'])).toEqual({ code: 0, out: '', err: '' });
  expect((await run(['recipes', 'sotuu', '--quiet'])).err).toContain('did you mean sotu?');
});

it('train names what is empty on its command line', async () => {
  expect(await run(['train', 'sotu', '--out', ''])).toMatchObject({
    code: 2,
    err: expect.stringMatching(/the folder after --out is empty/),
  });
  expect(await run(['train', ''])).toMatchObject({ code: 2, err: expect.stringMatching(/the name of the recipe is empty/) });
});
