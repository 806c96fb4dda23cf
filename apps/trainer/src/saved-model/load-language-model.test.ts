import { mkdtemp, rm, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type HostArray, hostArray } from '@gmlp/base';
import { encodeSafetensors } from '@gmlp/checkpoint';
import { writeModelDirectory } from '@gmlp/checkpoint/node';
import { toNamed } from '@gmlp/layers';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { loadLanguageModel } from './load-language-model.ts';
import { writeSmallModel } from './small-saved-model.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gmlp-load-model-'));
});
afterEach(() => rm(folder, { recursive: true }));

it('loads what was saved', async () => {
  const { config, tensors } = await writeSmallModel(folder);
  const loaded = await loadLanguageModel(folder);
  expect(loaded.config).toEqual(config);
  expect(toNamed<HostArray>(loaded.params)).toEqual(tensors);
});

it('loads the average when that is asked for', async () => {
  const { tensors } = await writeSmallModel(folder);
  await expect(loadLanguageModel(folder, { ema: true })).rejects.toThrow(/ema\.safetensors does not exist; .*optimiser\.ema/);
  const average = new Map(tensors).set('head.bias', hostArray('float32', [285], new Float32Array(285).fill(7)));
  await writeFile(join(folder, 'ema.safetensors'), encodeSafetensors(average));
  const loaded = await loadLanguageModel(folder, { ema: true });
  expect(toNamed<HostArray>(loaded.params)).toEqual(average);
});

it.each<[string, (directory: string) => Promise<void>, RegExp]>([
  [
    'a model of another family',
    (directory) => rewritten(directory, { config: { family: 'gmlp-vision', classes: 10 } }),
    /holds a model of the family "gmlp-vision"; expected one that fills masks or goes on with a text: gmlp-language, bert, mixer-language/,
  ],
  ['a config that is none', (directory) => rewritten(directory, { config: null }), /holds a model of the family undefined/],
  [
    'a config of a wrong size',
    (directory) => rewritten(directory, { layers: -1 }),
    /config\.layers: expected more than 0, got -1/,
  ],
  ['weights of another size', (directory) => rewritten(directory, { layers: 3 }), /missing: blocks\.2\./],
  ['a polluting config', (directory) => polluted(directory), /config\.__proto__: unknown|holds a model of the family/],
  ['a missing tokenizer', (directory) => unlink(join(directory, 'tokenizer.json')), /has no tokenizer\.json/],
  [
    'a tokenizer that is none',
    (directory) => writeFile(join(directory, 'tokenizer.json'), '{'),
    /cannot be loaded: the tokenizer is not JSON /,
  ],
  [
    'weights cut short',
    (directory) => writeFile(join(directory, 'model.safetensors'), 'short'),
    /model\.safetensors has 5 bytes/,
  ],
])('refuses %s', async (_, harm, message) => {
  await writeSmallModel(folder);
  await harm(folder);
  await expect(loadLanguageModel(folder)).rejects.toThrow(message);
  await expect(loadLanguageModel(folder)).rejects.toMatchObject({ name: 'GmlpError' });
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});

async function rewritten(directory: string, change: { readonly config?: unknown; readonly layers?: number }): Promise<void> {
  const model = await writeSmallModel(directory);
  const config = 'config' in change ? change.config : { ...(model.config as object), ...change };
  await writeModelDirectory(directory, { ...model, config });
}

async function polluted(directory: string): Promise<void> {
  const text = '{"format":"gmlp-model","version":1,"model":{"family":"gmlp-language","__proto__":{"polluted":true}}}';
  await writeFile(join(directory, 'config.json'), text);
}
