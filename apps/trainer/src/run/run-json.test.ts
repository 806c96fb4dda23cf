import { mkdir, mkdtemp, open, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readRunJson, writeRunJson } from './run-json.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gmlp-run-json-'));
  path = join(folder, 'run.json');
});
afterEach(() => rm(folder, { recursive: true }));

const format = { format: 'test', version: 1 };
const read = () => readRunJson(path, format, 'mend it');

it('gives back what was written, and nothing where nothing is', async () => {
  expect(await read()).toBeUndefined();
  await writeRunJson(path, format, { text: 'ä'.repeat(1e5) });
  expect(await read()).toEqual({ format: 'test', version: 1, text: 'ä'.repeat(1e5) });
});

it('a file that is far too large, is no file or is no JSON is refused by name', async () => {
  await mkdir(path);
  await expect(read()).rejects.toThrow(/run\.json is not a file/);
  await rm(path, { recursive: true });
  await (await open(path, 'w')).close();
  await truncate(path, 700e6); // takes no room: a hole
  await expect(read()).rejects.toThrow(/run\.json has 700,000,000 bytes, where at most 4,194,304 make sense/);
  for (const content of ['', 'null', '[1]', '{"format": "other"}']) {
    await writeFile(path, content);
    await expect(read()).rejects.toMatchObject({
      code: 'invalid-data',
      message: expect.stringMatching(/run\.json .*; mend it$/),
    });
  }
  await writeFile(path, '{"format": "test", "version": 2}'); // is whole, and another gmlp can read it
  await expect(read()).rejects.toThrow(/update gmlp$/);
});
