import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hostArray } from '@gmlp/base';
import { listCheckpoints, saveCheckpoint } from '@gmlp/checkpoint/node';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { tinyRunFolder } from '../report/tiny-run-folder.ts';
import { runCommand } from '../run-command.ts';
import { lockRun } from './run-lock.ts';

let folder: string;
const inside = (...names: string[]): string => join(folder, ...names);
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gmlp-rm-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function checkpoints(run: string, ...steps: number[]): Promise<void> {
  const weights = new Map([['weight', hostArray('float32', [2], new Float32Array(2))]]);
  for (const step of steps)
    await saveCheckpoint(inside(run, 'checkpoints'), { step, config: {}, model: weights, optimiser: weights, state: {} });
}

const stepsOf = async (run: string): Promise<number[]> =>
  (await listCheckpoints(inside(run, 'checkpoints'))).map(({ step }) => step);

it('rm removes runs, and says what that frees', async () => {
  await tinyRunFolder(inside('a'));
  await tinyRunFolder(inside('b'));
  await checkpoints('b', 10);
  const { code, out, err } = await runCommand(['rm', inside('a'), inside('b'), '--json']);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  const removed = JSON.parse(out) as { run: string; paths: string[]; bytes: number }[];
  expect(removed.map(({ run, paths }) => ({ run, paths }))).toEqual(
    ['a', 'b'].map((name) => ({ run: inside(name), paths: [inside(name)] })),
  );
  for (const { bytes } of removed) expect(bytes).toBeGreaterThan(1000);
  expect(await readdir(folder)).toEqual([]);
});

it('rm --checkpoints keeps the newest and the best', async () => {
  await tinyRunFolder(inside('a')); // its validation loss falls: step 30 is the best
  await writeFile(inside('a', 'metrics.jsonl'), '{"step":10,"valLoss":2}\n{"step":20,"valLoss":1}\n{"step":40,"valLoss":3}\n');
  await checkpoints('a', 10, 20, 30, 40);
  const { code, out } = await runCommand(['rm', inside('a'), '--checkpoints', '1']);
  expect(code).toBe(0);
  expect(out).toMatch(/removed .*step-000010 and 1 more, .* MB/);
  expect(await stepsOf('a')).toEqual([20, 40]);
  expect(await readdir(inside('a'))).toContain('run.json');
});

it('rm leaves a link and the run behind it whole, and removes a run by any name of its folder', async () => {
  await tinyRunFolder(inside('a'));
  await symlink(inside('a'), inside('link'), 'junction');
  const before = await readdir(inside('a'));
  for (const name of ['link', 'link/']) {
    expect(await runCommand(['rm', inside(name)])).toMatchObject({
      code: 1,
      err: expect.stringMatching(/is a link; the run is in .*a: /),
    });
    expect(await readdir(inside('a'))).toEqual(before);
  }
  const back = process.cwd();
  process.chdir(inside('a'));
  try {
    expect(await runCommand(['rm', '.'])).toMatchObject({ code: 0, err: '' });
  } finally {
    process.chdir(back);
  }
  expect(await readdir(folder)).toEqual(['link']);
});

it('rm removes nothing that is no run, that holds more than one, or that a trainer works on', async () => {
  await mkdir(inside('other'));
  expect((await runCommand(['rm', inside('other')])).err).toMatch(/there is no run in .*other/);
  await tinyRunFolder(inside('notes'));
  await writeFile(inside('notes', 'notes.txt'), 'mine');
  expect((await runCommand(['rm', inside('notes')])).err).toMatch(/holds what no run writes: notes.txt; move it away first/);
  await tinyRunFolder(inside('busy'));
  const lock = await lockRun(inside('busy'));
  const refused = [await runCommand(['rm', inside('busy')]), await runCommand(['rm', inside('busy'), '--checkpoints', '1'])];
  for (const { code, err } of refused) {
    expect(code).toBe(1);
    expect(err).toMatch(/another trainer works on/);
  }
  await lock.release();
  expect((await readdir(folder)).sort()).toEqual(['busy', 'notes', 'other']);
  expect(await readdir(inside('notes'))).toContain('notes.txt');
});
