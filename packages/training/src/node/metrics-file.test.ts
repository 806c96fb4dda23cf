import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openMetricsFile } from './metrics-file.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gmlp-metrics-'));
});
afterEach(() => rm(folder, { recursive: true }));

it('writes whole lines in the order of the calls, readable before the file is closed', async () => {
  const path = join(folder, 'metrics.jsonl');
  const file = await openMetricsFile(path);
  await Promise.all(Array.from({ length: 20 }, (_, step) => file.write({ step, text: 'line\nbreak' })));
  const lines = (await readFile(path, 'utf8')).split('\n');
  expect(lines.pop()).toBe('');
  expect(lines.map((line) => (JSON.parse(line) as { step: number }).step)).toEqual(Array.from({ length: 20 }, (_, step) => step));
  await file.close();
});

it('goes on where a file ends, or starts anew', async () => {
  const path = join(folder, 'metrics.jsonl');
  for (const append of [false, true]) {
    const file = await openMetricsFile(path, { append });
    await file.write({ append });
    await file.close();
  }
  expect(await readFile(path, 'utf8')).toBe('{"append":false}\n{"append":true}\n');
  await (await openMetricsFile(path)).close();
  expect(await readFile(path, 'utf8')).toBe('');
});

it('keeps figures that overflow', async () => {
  const path = join(folder, 'metrics.jsonl');
  const file = await openMetricsFile(path);
  await file.write({ step: 1, loss: 710, perplexity: Math.exp(710) });
  await file.close();
  expect(await readFile(path, 'utf8')).toBe('{"step":1,"loss":710,"perplexity":"Infinity"}\n');
});

it('says which file it cannot write', async () => {
  await expect(openMetricsFile(join(folder, 'absent', 'metrics.jsonl'))).rejects.toMatchObject({ code: 'io', message: /absent/ });
});
