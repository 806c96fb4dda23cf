/**
 * `file-side.js write|read file|model|checkpoint <path> <bytes of each tensor...>`: writes or reads once, in a process of its
 * own, and prints the peak memory before and after. What is read is compared with what was written, number by number.
 */
import { join } from 'node:path';
import { type HostArray, hostArray } from '@gmlp/base';
import {
  loadCheckpoint,
  readModelDirectory,
  readSafetensorsFile,
  saveCheckpoint,
  writeModelDirectory,
  writeSafetensorsFile,
} from '@gmlp/checkpoint/node';
import { peakMegabytes } from './peak-memory.ts';

type Tensors = ReadonlyMap<string, HostArray>;

const config = { family: 'none' };
const ways: Record<string, { write(path: string, tensors: Tensors): Promise<unknown>; read(path: string): Promise<Tensors> }> = {
  file: { write: writeSafetensorsFile, read: async (path) => (await readSafetensorsFile(path)).tensors },
  model: {
    write: (path, tensors) => writeModelDirectory(path, { config, tensors }),
    read: async (path) => (await readModelDirectory(path)).tensors,
  },
  checkpoint: {
    write: (path, model) => saveCheckpoint(path, { step: 1, config, model, optimiser: new Map(), state: {} }),
    read: async (path) => (await loadCheckpoint(join(path, 'step-000001'))).model,
  },
};

const [action, kind = '', path = '', ...sizes] = process.argv.slice(2);
const way = ways[kind]!;

/** Another number at nearly every place, exact in float32. */
const valueAt = (tensor: number, index: number): number => (tensor * 7919 + index) % 16_777_213;

let before: number;
let tensors: Tensors;
let start: number;
if (action === 'write') {
  tensors = new Map(
    sizes.map((bytes, tensor) => {
      const data = new Float32Array(Number(bytes) / 4);
      for (let index = 0; index < data.length; index++) data[index] = valueAt(tensor, index);
      return [`tensor.${tensor}`, hostArray('float32', [data.length], data)];
    }),
  );
  before = peakMegabytes();
  start = performance.now();
  await way.write(path, tensors);
} else {
  before = peakMegabytes();
  start = performance.now();
  tensors = await way.read(path);
}
const figures = {
  raisedMb: Math.round(peakMegabytes() - before),
  peakMb: Math.round(peakMegabytes()),
  seconds: (performance.now() - start) / 1000,
};
if (tensors.size !== sizes.length) throw new Error(`bench: ${tensors.size} tensors instead of ${sizes.length}`);
for (const [tensor, bytes] of sizes.entries()) {
  const { data } = tensors.get(`tensor.${tensor}`)!;
  if (data.byteLength !== Number(bytes)) throw new Error(`bench: tensor ${tensor} has ${data.byteLength} bytes, not ${bytes}`);
  for (let index = 0; index < data.length; index++) {
    if (data[index] !== valueAt(tensor, index)) throw new Error(`bench: tensor ${tensor} differs at ${index}`);
  }
}
process.stdout.write(`${JSON.stringify(figures)}\n`);
