import { type HostArray, hostArray } from '@gmlp/base';
import { expect, it } from 'vitest';
import { dense } from './dense.ts';
import { layerNorm } from './layer-norm.ts';
import { loadPartly } from './load-partly.ts';
import { toNamed } from './parameters.ts';

const spec = { norm: layerNorm({ channels: 2 }).spec, head: dense({ inputs: 2, outputs: 3 }).spec };
const filled = (shape: readonly number[], value: number): HostArray =>
  hostArray('float32', shape, new Float32Array(shape.reduce((product, extent) => product * extent, 1)).fill(value));
const values = {
  norm: { scale: filled([2], 1), offset: filled([2], 2) },
  head: { weight: filled([2, 3], 3), bias: filled([3], 4) },
};

it('takes what has a name of the spec, keeps the rest, and tells both', () => {
  const named = new Map([
    ['norm.offset', filled([2], 7)],
    ['head.bias', filled([3], 8)],
    ['pooler.bias', filled([9], 9)],
  ]);
  const { params, kept, unused } = loadPartly(spec, named, values);
  expect([...toNamed<HostArray>(params)].map(([name, { data }]) => [name, data[0]])).toEqual([
    ['norm.scale', 1],
    ['norm.offset', 7],
    ['head.weight', 3],
    ['head.bias', 8],
  ]);
  expect(kept).toEqual(['norm.scale', 'head.weight']);
  expect(unused).toEqual(['pooler.bias']);
});

it('refuses what has the name but not the shape', () => {
  const named = new Map([['head.weight', filled([3, 2], 0)]]);
  const message = expect.stringMatching(/head\.weight is .*\[3, 2\], expected .*\[2, 3\]/);
  expect(() => loadPartly(spec, named, values)).toThrow(expect.objectContaining({ code: 'shape-mismatch', message }));
});
