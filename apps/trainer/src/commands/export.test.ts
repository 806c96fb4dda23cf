import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HostArray } from '@gmlp/base';
import { key } from '@gmlp/base';
import { writeModelDirectory } from '@gmlp/checkpoint/node';
import { initialValues, toNamed } from '@gmlp/layers';
import { createModel } from '@gmlp/models';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCommand } from '../run-command.ts';

let folder: string;
let model: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gmlp-export-command-'));
  model = join(folder, 'model');
  const sizes = { vocabulary: 17, tokens: 4, channels: 8, hiddenChannels: 8, layers: 1 };
  const { config, module } = createModel({ family: 'gmlp-language', ...sizes });
  await writeModelDirectory(model, { config, tensors: toNamed<HostArray>(initialValues(module.spec, key(1))) });
});
afterAll(() => rm(folder, { recursive: true }));

it('writes where it is told, or beside the weights', async () => {
  const elsewhere = join(folder, 'elsewhere.onnx');
  expect(JSON.parse((await runCommand(['export', model, '--onnx', elsewhere, '--json'])).out)).toMatchObject({
    files: [elsewhere],
  });
  const beside = join(model, 'model.onnx');
  expect((await runCommand(['export', model, '--onnx'])).out).toContain(`wrote ${beside}\n`);
  expect(await readdir(model)).toContain('model.onnx');
});

it('takes a run, and needs no option', async () => {
  await writeFile(join(folder, 'run.json'), '{}'); // as the folder of a run has one
  expect(JSON.parse((await runCommand(['export', folder, '--json'])).out)).toMatchObject({
    files: [join(folder, 'model.onnx')],
    family: 'gmlp-language',
  });
  const { code, err } = await runCommand(['export', join(folder, 'absent')]);
  expect({ code, err }).toEqual({
    code: 1,
    err: expect.stringMatching(/^expected the folder of a run or a model, but .*absent does not exist\n$/) as string,
  });
});
