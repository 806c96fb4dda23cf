import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCommand } from '../run-command.ts';
import { writePicture } from '../saved-model/small-image-model.ts';

let folder: string;
const at = (...names: readonly string[]): string => join(folder, ...names);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gmlp-data-'));
  for (const name of ['cats', 'dogs', 'empty']) await mkdir(at('images', name), { recursive: true });
  for (let seed = 0; seed < 12; seed++)
    await writePicture(at('images', seed % 3 === 0 ? 'dogs' : 'cats', `${String(seed).padStart(2, '0')}.png`), seed, {
      width: 20 + seed,
    });
  await writeFile(at('images', 'dogs', '00.png'), Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]));
});
afterAll(() => rm(folder, { recursive: true }));

it('counts, measures, lists what is wrong and writes a sheet', async () => {
  const sheet = at('sheet.png');
  const { code, out, err } = await runCommand(['data', 'inspect', at('images'), '--out', sheet]);
  expect({ code, err }).toMatchObject({ code: 0 });
  expect(out).toContain(`${at('images')}: 12 images in 3 classes (folder)`);
  expect(out).toContain('decoded  all: 11 png');
  expect(out).toContain('width    21 to 31, the median 26');
  expect(out).toMatch(/1 cannot be used:\n {2}\S+empty: no image/);
  expect(out).toMatch(/1 cannot be decoded:\n {2}\S+00\.png: damaged/);
  expect(out).toMatch(/cats +8\ndogs +4\nempty +0\n/);
  expect(err).toContain(`wrote ${sheet}`);
  const { width, height, format } = await sharp(sheet).metadata();
  // Eight cats in a row; the dog that cannot be decoded leaves its place empty.
  expect({ width, height, format }).toEqual({ width: 168 + 8 * 100 + 4, height: 2 * 100 + 4, format: 'png' });
  expect((await readdir(folder)).sort()).toEqual(['images', 'sheet.png']);
});

it('takes a description, and prints for programs', async () => {
  const description = { format: 'folder', path: at('images'), classes: ['dogs', 'cats', 'birds'] };
  const { code, out } = await runCommand(['data', 'inspect', JSON.stringify(description), '--sample', '3', '--json']);
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({
    source: description,
    count: 12,
    looked: 3,
    classes: [
      { id: 'dogs', count: 4 },
      { id: 'cats', count: 8 },
      { id: 'birds', count: 0 },
    ],
    undecodable: { counts: { damaged: 1 } }, // the first dog
  });
});

it('refuses what is no source of images', async () => {
  for (const [given, message] of [
    [at('nowhere'), /nowhere/],
    ['{"format": "folder"', /the description is no JSON/],
    ['{"format": "foldr", "path": "x"}', /did you mean "folder"/],
    [at(), /no image in .*perhaps/],
  ] as const)
    expect(await runCommand(['data', 'inspect', given])).toMatchObject({ code: 1, out: '', err: expect.stringMatching(message) });
  expect(await runCommand(['data'])).toMatchObject({ code: 2 });
});
