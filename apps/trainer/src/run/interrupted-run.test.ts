/** Runs as processes of their own that are interrupted from outside: killed, Ctrl-C once and twice, a hangup, a lost terminal. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Recipe } from '../recipes/recipe.ts';
import { readRunState } from './run-state.ts';
import { runTraining } from './run-training.ts';
import { commandEnd, startCommand, timelessMetrics, tinyRecipe } from './tiny-run.ts';

let folder: string;
let recipe: Recipe;
let recipeFile: string;
let trainingSeconds: number;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gmlp-interrupted-'));
  recipe = await tinyRecipe(folder);
  recipeFile = join(folder, 'tiny.json');
  await writeFile(recipeFile, JSON.stringify(recipe));
  const surroundings = {
    stderr: { write: () => true },
    signal: new AbortController().signal,
    now: () => performance.now() / 1000,
  };
  ({ seconds: trainingSeconds } = await runTraining({ out: join(folder, 'straight'), recipe, resume: false }, surroundings));
});
afterAll(() => rm(folder, { recursive: true }));

const file = (run: string, name: string) => readFile(join(folder, run, 'model', name));

it('killed at a random moment and gone on with, a run ends in the same bytes', async () => {
  const out = join(folder, 'killed');
  const command = startCommand(['train', recipeFile, '--out', out]);
  const moment = Math.random() * trainingSeconds;
  let training = false;
  const end = commandEnd(command, (err) => {
    if (training || !err.includes('model: ')) return;
    training = true;
    void wait(1000 * moment).then(() => command.kill('SIGKILL'));
  });
  const killed = await end;
  const resumed = await commandEnd(startCommand(['train', '--resume', '--out', out, '--json']));
  const told = `killed ${moment} s into training\n${killed.err}\n${resumed.err}`;
  expect(resumed.code, told).toBe(0);
  expect(JSON.parse(resumed.out)).toMatchObject({ outcome: 'finished', step: 60 });
  if (killed.code !== 0) expect(resumed.err, told).toContain('runs no more, was taken over');
  for (const name of ['model.safetensors', 'ema.safetensors']) {
    expect((await file('killed', name)).equals(await file('straight', name)), `${name} ${told}`).toBe(true);
  }
  expect(await timelessMetrics(out), told).toEqual(await timelessMetrics(join(folder, 'straight')));
  expect(
    (await readdir(join(out, 'checkpoints'))).every((name) => name.startsWith('step-')),
    told,
  ).toBe(true);
});

it('Ctrl-C finishes the step, saves it and says how to go on', async () => {
  const out = join(folder, 'stopped');
  const command = startCommand(['train', recipeFile, '--out', out, '--set', 'steps=100000', '--set', 'checkpoints.every=100000']);
  let sent = false;
  const {
    code,
    out: printed,
    err,
  } = await commandEnd(command, (said) => {
    if (!sent && said.includes('step 20: validation')) sent = command.kill('SIGINT');
  });
  expect({ code, printed }, err).toEqual({ code: 130, printed: '' });
  const { step, state } = (await readRunState(out))!;
  expect(state).toBe('stopped');
  expect(err).toContain(
    `stopped after step ${step} of 100,000, which is saved. Go on with\n  gmlp train --resume --out ${out}\n`,
  );
  expect(await readdir(join(out, 'checkpoints'))).toContain(`step-${String(step).padStart(6, '0')}`);
  expect(await readdir(out)).not.toContain('lock.json');
});

it.each([
  ['its terminal hangs up', 129, (command: ChildProcess) => command.kill('SIGHUP')],
  ['who runs it is killed', 143, (command: ChildProcess) => command.disconnect()],
])('nobody reads what a run says: it goes on, and saves when %s', async (what, expected, interrupt) => {
  const out = join(folder, what);
  const command = startCommand(['train', recipeFile, '--out', out, '--set', 'steps=100000', '--set', 'checkpoints.every=100000']);
  let heard = false;
  const end = once(command, 'exit');
  void commandEnd(command, (said) => {
    if (heard || !said.includes('step 20: validation')) return;
    heard = true;
    command.stderr.destroy();
    command.stdout.destroy();
  });
  const records = (): number => (existsSync(join(out, 'metrics.jsonl')) ? readFileSync(join(out, 'metrics.jsonl')).length : 0);
  while (!heard && command.exitCode === null) await wait(20);
  const before = records();
  // Every evaluation says something: some of it is lost before the interruption.
  while (records() < before + 1000 && command.exitCode === null) await wait(20);
  interrupt(command);
  expect((await end)[0]).toBe(expected);
  const { step, state } = (await readRunState(out))!;
  expect(state).toBe('stopped');
  expect(await readdir(join(out, 'checkpoints'))).toContain(`step-${String(step).padStart(6, '0')}`);
  expect(await readdir(out)).not.toContain('lock.json');
});

it('SIGTERM does the same, and a second signal ends it at once: nothing half passes for whole', async () => {
  const out = join(folder, 'twice');
  // A step takes far longer than the test, and so does each of its calls to the device.
  const slow = ['accumulate=1000', 'steps=100', 'batchSize=192', 'model.channels=512', 'model.hiddenChannels=8192'];
  const command = startCommand(['train', recipeFile, '--out', out, ...slow.flatMap((setting) => ['--set', setting])]);
  let sent = 0;
  const { code, err } = await commandEnd(command, (said) => {
    if (sent === 0 && said.includes('model: ')) {
      sent = 1;
      void wait(1500).then(() => command.kill('SIGTERM')); // most likely in the middle of such a call
    } else if (sent === 1 && said.includes('Ctrl-C again')) {
      sent = 2;
      command.kill('SIGINT');
    }
  });
  expect({ code, sent }, err).toEqual({ code: 130, sent: 2 });
  expect(await readdir(out)).not.toContain('lock.json');
  expect(await readdir(out)).not.toContain('checkpoints');
  expect(await readdir(out)).not.toContain('model');
});
