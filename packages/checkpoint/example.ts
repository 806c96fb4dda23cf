import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hostArray } from '@gmlp/base';
import { readModelDirectory, writeModelDirectory } from '@gmlp/checkpoint/node';

const directory = await mkdtemp(join(tmpdir(), 'model-'));
const tensors = new Map([['dense.weight', hostArray('float32', [2, 2], Float32Array.of(1, 2, 3, 4))]]);
await writeModelDirectory(directory, { config: { family: 'mine', channels: 2 }, tensors });
const model = await readModelDirectory(directory); // config.json, model.safetensors
console.log(model.config, model.tensors.get('dense.weight')?.data); // { family: 'mine', channels: 2 } Float32Array(4) [ 1, 2, 3, 4 ]
await rm(directory, { recursive: true });
