import { appendFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { tinyRunFolder } from '../report/tiny-run-folder.ts';
import { lockRun } from '../run/run-lock.ts';
import { runCommand } from '../run-command.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gmlp-runs-'));
});
afterEach(() => rm(folder, { recursive: true }));

it('tells running from killed, finished from failed, and passes over what is no run', async () => {
  const states = { a: 'finished', b: 'failed', c: 'running', d: 'running', e: 'stopped' } as const;
  for (const [name, state] of Object.entries(states))
    await tinyRunFolder(join(folder, name), { state: { state, step: 20, steps: 30 } });
  const lock = await lockRun(join(folder, 'd'));
  await mkdir(join(folder, 'other'));
  await writeFile(join(folder, 'file'), '');
  await mkdir(join(folder, 'broken'));
  await writeFile(join(folder, 'broken', 'run.json'), '{"format": "gmlp-run", "version": 9}');
  const { code, out, err } = await runCommand(['runs', folder, '--json']);
  await lock.release();
  expect(code).toBe(0);
  const runs = JSON.parse(out) as { name: string; state: string; step: number; loss: number; valPerplexity: number }[];
  expect(Object.fromEntries(runs.map(({ name, state }) => [name, state]))).toEqual({ ...states, c: 'killed' });
  expect(runs.map(({ step }) => step)).toEqual(runs.map(() => 30)); // of the newest record: state.json is older
  expect(runs[0]!.loss).toBeCloseTo(8 - Math.log(30), 10);
  expect(runs[0]!.valPerplexity).toBeCloseTo(Math.exp(8.1 - Math.log(30)), 6);
  expect(err).toMatch(/passed over: .*broken.run.json has version 9, this gmlp reads up to 1; update gmlp/);
  expect((await runCommand(['runs', folder])).out).toMatch(/^run +recipe +state.*\n[a-e] +sotu +/);
});

it('tells a perplexity that overflows in a way that JSON can hold', async () => {
  await tinyRunFolder(join(folder, 'a'));
  await appendFile(join(folder, 'a', 'metrics.jsonl'), '{"step":40,"valLoss":710,"valPerplexity":"Infinity"}\n');
  expect((JSON.parse((await runCommand(['runs', folder, '--json'])).out) as object[])[0]).toMatchObject({
    valPerplexity: 'Infinity',
  });
  expect((await runCommand(['runs', folder])).out).toContain(' Infinity ');
});

it('says where to begin when there is none', async () => {
  expect(await runCommand(['runs', join(folder, 'absent')])).toEqual({
    code: 0,
    out: '',
    err: `no runs in ${join(folder, 'absent')}; gmlp train begins one\n`,
  });
});
