import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openEventFile } from './event-file.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gmlp-events-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** What TensorBoard 2.21's own RecordWriter made of the same two events. */
const theirs =
  '1800000000000000a37f4b2209000000000000f83f1a0d627261696e2e4576656e743a322a28646c' +
  '39000000000000008b0737f109000000000000024010072a2c0a140a0d6c6f73732f747261696e696e67150000803e' +
  '0a140a0d6c6561726e696e672072617465156f12833a515e2db4';

it('writes the bytes that TensorBoard writes', async () => {
  const times = [1, 1.5, 2.25];
  const file = await openEventFile(folder, { now: () => times.shift()! });
  await file.write(7, { 'loss/training': 0.25, 'learning rate': 1e-3 });
  await file.close();
  expect((await readFile(file.path)).toString('hex')).toBe(theirs);
});

it('is whole after each event, in the order of the calls; a second file does not touch the first', async () => {
  const first = await openEventFile(folder);
  await Promise.all([1, 2, 3].map((step) => first.write(step, { loss: step, broken: Number.NaN })));
  const before = await readFile(first.path);
  const second = await openEventFile(folder);
  await second.write(4, { loss: 4 });
  await second.close();
  expect(await readFile(first.path)).toEqual(before);
  expect((await readdir(folder)).length).toBe(2);
  expect(before.includes('broken')).toBe(false);
  const steps = [];
  for (let at = 0; at < before.length; ) {
    const length = Number(before.readBigUInt64LE(at));
    steps.push(before[at + 12 + 10]); // after the wall time's nine bytes and the step's tag; the first record has no step
    at += 16 + length;
    expect(at).toBeLessThanOrEqual(before.length);
  }
  expect(steps.slice(1)).toEqual([1, 2, 3]);
  await first.close();
});

it('writes figures that overflow as infinity', async () => {
  const file = await openEventFile(folder);
  await file.write(1, { perplexity: Math.exp(710), large: 1e50 });
  await file.close();
  const infinity = Buffer.from('150000807f', 'hex'); // the tag of a simple value, then float32 infinity
  const bytes = await readFile(file.path);
  expect(bytes.indexOf(infinity, bytes.indexOf('perplexity'))).toBeGreaterThan(0);
  expect(bytes.indexOf(infinity, bytes.indexOf('large'))).toBeGreaterThan(0);
});

const python = process.env['GMLP_PYTHON'] ?? '';
const hasTensorBoard = python !== '' && spawnSync(python, ['-c', 'import tensorboard']).status === 0;

it.skipIf(!hasTensorBoard)('is read by TensorBoard (skipped unless GMLP_PYTHON names a Python that has it)', async () => {
  const file = await openEventFile(folder);
  for (const step of [10, 20, 30, 40]) await file.write(step, { 'loss/training': 100 / step });
  await file.close();
  // Gone on with after step 20: what the first file said of later steps is forgotten.
  const second = await openEventFile(folder, { from: 21, now: () => Date.now() / 1000 + 60 });
  await second.write(30, { 'loss/training': 3 });
  await second.close();
  const script = [
    'import json, sys',
    'from tensorboard.backend.event_processing.event_accumulator import EventAccumulator',
    'events = EventAccumulator(sys.argv[1]); events.Reload()',
    'print(json.dumps([[e.step, e.value] for e in events.Scalars("loss/training")]))',
  ].join('\n');
  const { stdout, stderr } = spawnSync(python, ['-c', script, folder], { encoding: 'utf8' });
  expect(JSON.parse(stdout || stderr)).toEqual([
    [10, 10],
    [20, 5],
    [30, 3],
  ]);
});

it('says which folder it cannot write', async () => {
  await expect(openEventFile(join(folder, 'absent'))).rejects.toMatchObject({ code: 'io', message: /absent/ });
});
