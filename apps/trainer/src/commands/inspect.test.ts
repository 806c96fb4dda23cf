import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type HostArray, hostArray, key } from '@gmlp/base';
import { writeModelDirectory } from '@gmlp/checkpoint/node';
import { initialValues, toNamed } from '@gmlp/layers';
import { createModel, type ModelOptions } from '@gmlp/models';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCommand } from '../run-command.ts';
import { smallTokens, writeSmallModel } from '../saved-model/small-saved-model.ts';

const image = { imageSize: 8, patchSize: 4, channels: 8, hiddenChannels: 16, layers: 2, head: { classes: 5 } } as const;

let folder: string;
const at = (name: string): string => join(folder, name);
const page = (name: string): Promise<string> => readFile(join(folder, name, 'inspect.html'), 'utf8');
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gmlp-inspect-'));
  const { config, tokenizer } = await writeSmallModel(at('gmlp'));
  const attentive = { ...(config as object), attentionChannels: 4 } as unknown as ModelOptions;
  await save('amlp', attentive, { tokenizer: tokenizer! });
  await save('even', attentive, { tokenizer: tokenizer!, zero: /qkv/ });
  await save('vision', { family: 'gmlp-vision', ...image });
  await save('vit', { family: 'vit', heads: 2, ...image });
});
afterAll(() => rm(folder, { recursive: true }));

/** Saves a model as it starts, with zeros for the parameters that `zero` names. */
async function save(name: string, options: ModelOptions, { tokenizer, zero }: { tokenizer?: string; zero?: RegExp } = {}) {
  const { config, module } = createModel(options);
  const tensors = new Map(
    Array.from(toNamed<HostArray>(initialValues(module.spec, key(0))), ([parameter, value]) => [
      parameter,
      zero?.test(parameter) ? hostArray('float32', [...value.shape], new Float32Array(value.data.length)) : value,
    ]),
  );
  await writeModelDirectory(at(name), { config, tensors, ...(tokenizer !== undefined && { tokenizer }) });
}

it('prints the tree and writes a page with each spatial weight', async () => {
  const { code, out, err } = await runCommand(['inspect', at('gmlp')]);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toMatch(/^family {2}gmlp-language$/m);
  expect(out).toMatch(/^ {4}spatial +47$/m); // 2 x 16 - 1 weights and 16 biases
  expect(out).toMatch(/^ {6}weight \[31\] +31$/m);
  expect(out).toMatch(/^wrote .*inspect\.html$/m);
  expect((await page('gmlp')).match(/<svg class="filter"/g)).toHaveLength(2);
});

it('prints the same as JSON', async () => {
  const { code, out } = await runCommand(['inspect', at('vision'), '--json', '--out', at('page.html')]);
  const printed = JSON.parse(out) as { parameters: number; tensors: { name: string; shape: number[] }[] };
  expect(code).toBe(0);
  expect(printed).toMatchObject({
    family: 'gmlp-vision',
    spatial: [0, 1].map((block) => ({ name: `blocks.${block}.gate.spatial.weight`, block, form: 'dense' })),
    page: at('page.html'),
  });
  const sizes = printed.tensors.map(({ shape }) => shape.reduce((size, extent) => size * extent, 1));
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(printed.parameters);
  expect((await readFile(at('page.html'), 'utf8')).match(/class="map"/g)).toHaveLength(8); // two blocks, 2 by 2 tokens
});

it('a model without spatial weights says so and still prints its tree', async () => {
  const { code, out } = await runCommand(['inspect', at('vit')]);
  expect(code).toBe(0);
  expect(out).toMatch(/^positions /m);
  expect(out).toContain('The model has no spatial weights: vit has no matrix whose rows are tokens.');
  expect(await page('vit')).toContain('no spatial weights');
});

it('shows what pieces attend to, with copies counted for the piece: each its share when nothing is preferred', async () => {
  const before = tf.engine().state.numTensors;
  const args = ['inspect', at('even'), '--text', 'the cat sat', '--device', 'tfjs-cpu', '--json'];
  const { code, out } = await runCommand(args);
  expect(code).toBe(0);
  const { attention } = JSON.parse(out) as { attention: string[] };
  expect([attention[0], attention.at(-1)]).toEqual(['[CLS]', '[SEP]']);
  const copies = attention.map((_, piece) =>
    piece === 0 ? 1 : Math.floor((smallTokens - 2 - (piece - 1)) / (attention.length - 1)) + 1,
  );
  const shares = (await percentages('even')).slice(0, attention.length);
  shares.forEach((share, piece) => {
    expect(share).toBeCloseTo((100 * copies[piece]!) / smallTokens, 0);
  });
  expect(tf.engine().state.numTensors).toBe(before);
});

it('what a piece attends to sums to one, in each block', async () => {
  const { code } = await runCommand(['inspect', at('amlp'), '--text', 'the dog', '--device', 'tfjs-cpu']);
  expect(code).toBe(0);
  const rows = new Map<string, number>();
  const cells = (await page('amlp')).matchAll(/y="([\d.]+)"[^>]*><title>[^<]*: ([\d.]+) %<\/title>/g);
  for (const [, y, share] of cells) rows.set(y!, (rows.get(y!) ?? 0) + Number(share));
  expect(rows.size).toBeGreaterThan(3);
  for (const sum of rows.values()) expect(Math.abs(sum / 2 - 100)).toBeLessThan(1); // two blocks; each share is rounded
});

const percentages = async (name: string): Promise<number[]> =>
  Array.from((await page(name)).matchAll(/: ([\d.]+) %<\/title>/g), ([, share]) => Number(share));

it.each<[string, string[], RegExp]>([
  ['a folder that is no model', ['.'], /expected a model directory or checkpoint \(config\.json\) or a run/],
  ['a folder that is not there', ['nowhere'], /nowhere does not exist/],
  [
    'a text for a gMLP',
    ['gmlp', '--text', 'the cat'],
    /expected an aMLP.*gmlp holds a gmlp-language without it. Leave --text out/,
  ],
  ['a text for a ViT', ['vit', '--text', 'the cat'], /expected an aMLP.*vit holds a vit without it/],
  ['a text that is too long', ['amlp', '--text', 'cat '.repeat(20)], /expected a sentence of 1 to 14 pieces, got 2\d/],
  ['an empty text', ['amlp', '--text', ''], /expected a sentence of 1 to 14 pieces, got 0/],
])('refuses %s', async (_, [name, ...rest], message) => {
  const { code, out, err } = await runCommand(['inspect', at(name!), ...rest, '--device', 'tfjs-cpu']);
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(err).toMatch(message);
});

it('refuses weights that are not those of the config', async () => {
  await save('mixed', { family: 'gmlp-vision', ...image });
  const file = join(at('mixed'), 'config.json');
  await writeFile(
    file,
    (await readFile(file, 'utf8')).replace('"channels":8', '"channels":4').replace('"channels": 8', '"channels": 4'),
  );
  const { code, err } = await runCommand(['inspect', at('mixed')]);
  expect(code).toBe(1);
  expect(err).toMatch(/not those of its config\n {2}of another shape: patches\.weight is \[48, 8\], expected \[48, 4\]/);
});
