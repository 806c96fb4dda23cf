import { type HostArray, hostArray, sizeOf } from '@gmlp/base';
import { dense, loadStrict, parameter } from '@gmlp/layers';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Change } from './change.ts';
import { type NameMap, type NameRule, readWeights, toOurs, toTheirs, writeWeights } from './name-map.ts';

const array = (shape: readonly number[], first = 0): HostArray =>
  hostArray(
    'float32',
    shape,
    Float32Array.from({ length: sizeOf(shape) }, (_, i) => first + i),
  );

const extent = fc.integer({ min: 1, max: 4 });
const changes: readonly { readonly change: Change; readonly shape: fc.Arbitrary<number[]> }[] = [
  { change: 'none', shape: fc.array(extent, { minLength: 1, maxLength: 4 }) },
  { change: 'transpose', shape: fc.tuple(extent, extent) },
  { change: { leadingOnes: 1 }, shape: fc.array(extent, { maxLength: 3 }).map((rest) => [1, ...rest]) },
  { change: { leadingOnes: 2 }, shape: fc.array(extent, { maxLength: 2 }).map((rest) => [1, 1, ...rest]) },
  { change: { patch: 3 }, shape: fc.tuple(extent, extent).map(([outputs, inputs]) => [outputs, inputs, 3, 3]) },
];

const anyWeight = fc
  .record({ kind: fc.constantFrom(...changes), parts: extent, several: fc.boolean() })
  .chain(({ kind, parts, several }) =>
    kind.shape.map((shape) => {
      const begins = kind.change === 'none' || kind.change === 'transpose' || 'patch' in kind.change; // cut along outputs
      const count = several && begins ? parts : 1;
      return { change: kind.change, count, shape: [shape[0]! * count, ...shape.slice(1)] };
    }),
  )
  .chain(({ change, count, shape }) =>
    fc
      .array(fc.float(), { minLength: sizeOf(shape), maxLength: sizeOf(shape) })
      .map((values) => ({ change, count, weight: hostArray('float32', shape, Float32Array.from(values)) })),
  );

it('theirs to ours and back is theirs, bit for bit, for any rules', () => {
  fc.assert(
    fc.property(fc.array(anyWeight, { minLength: 1, maxLength: 5 }), fc.boolean(), (weights, aliased) => {
      const rules: NameRule[] = weights.map(({ change, count }, i) => ({
        theirs: `layer.#.their${i}`,
        ours: Array.from({ length: count }, (_, part) => `blocks.#.our${i}.${part}`),
        change,
        ...(aliased && { aliases: [`tied.#.their${i}`] }),
      }));
      const theirs = new Map(
        weights.flatMap(({ weight }, i) => [0, 7, 10].map((n) => [`layer.${n}.their${i}` as string, weight] as const)),
      );
      if (aliased) for (const [name, weight] of [...theirs]) theirs.set(name.replace('layer', 'tied'), weight);
      const map: NameMap = { source: 'theirs', rules };
      const back = toTheirs(map, toOurs(map, theirs));
      expect([...back.keys()].sort()).toEqual([...theirs.keys()].sort());
      for (const [name, weight] of theirs) expect(back.get(name)).toEqual(weight);
    }),
    { seed: 8050 },
  );
});

it('a convolution over patches becomes the map of a patch’s pixels, channels together', () => {
  const theirs = array([2, 3, 2, 2]); // [outputs, inputs, rows, columns]
  const map: NameMap = { source: 'timm', rules: [{ theirs: 'conv', ours: 'patches', change: { patch: 2 } }] };
  const ours = toOurs(map, new Map([['conv', theirs]])).get('patches')!;
  expect(ours.shape).toEqual([12, 2]);
  const at = (output: number, channel: number, row: number, column: number): number =>
    ours.data[((row * 2 + column) * 3 + channel) * 2 + output]!;
  expect(at(1, 2, 0, 1)).toBe(theirs.data[((1 * 3 + 2) * 2 + 0) * 2 + 1]);
  expect(at(0, 1, 1, 0)).toBe(theirs.data[((0 * 3 + 1) * 2 + 1) * 2 + 0]);
  expect(() => toOurs(map, new Map([['conv', array([2, 3, 4, 4])]]))).toThrow(
    /timm: conv must have shape \[outputs, inputs, 2, 2\], got shape \[2, 3, 4, 4\]/,
  );
});

const spec = {
  table: parameter([5, 2], { kind: 'constant', value: 0 }, { decay: true }),
  blocks: [dense({ inputs: 2, outputs: 3 }).spec],
};
const map: NameMap = {
  source: 'theirs',
  rules: [
    { theirs: 'embed.weight', ours: 'table', aliases: ['decoder.weight'] },
    { theirs: 'layer.#.fc.weight', ours: 'blocks.#.weight', change: 'transpose' },
    { theirs: 'layer.#.fc.bias', ours: 'blocks.#.bias' },
  ],
  ignored: ['embed.position_ids'],
};
const right = (): Map<string, HostArray> =>
  new Map([
    ['embed.weight', array([5, 2])],
    ['decoder.weight', array([5, 2])],
    ['layer.0.fc.weight', array([3, 2], 50)],
    ['layer.0.fc.bias', array([3], 90)],
  ]);

it('reads weights into a spec and writes them, tied names too', () => {
  const named = right().set('embed.position_ids', hostArray('int32', [1, 4], Int32Array.of(0, 1, 2, 3)));
  const params = readWeights(map, spec, named);
  expect(params.blocks[0]!.weight.data).toEqual(Float32Array.of(50, 52, 54, 51, 53, 55));
  expect(writeWeights(map, params)).toEqual(right());
});

it('takes a tied weight under either name, and refuses two that differ', () => {
  const named = right();
  named.delete('embed.weight');
  expect(readWeights(map, spec, named).table.data).toEqual(array([5, 2]).data);
  named.set('embed.weight', array([5, 2], 1));
  expect(() => readWeights(map, spec, named)).toThrow(/theirs: decoder.weight and embed.weight are one weight .* but differ/);
});

it('lists all that is missing, unexpected and misshapen in one error, by their names', () => {
  const named = right();
  named.delete('embed.weight');
  named.delete('decoder.weight');
  named.set('layer.0.fc.weight', array([2, 3]));
  named.set('layer.0.fc.bias', hostArray('int32', [3], new Int32Array(3)));
  for (const name of ['layer.1.fc.bias', 'layer.x.fc.bias', 'layer.00.fc.bias', 'toString']) named.set(name, array([3]));
  expect(() => readWeights(map, spec, named)).toThrow(
    new RegExp(
      'missing: embed.weight\\n' +
        '\\s+unexpected: layer.1.fc.bias, layer.x.fc.bias, layer.00.fc.bias, toString\\n' +
        '\\s+of another shape: layer.0.fc.weight is float32 \\[2, 3\\], expected float32 \\[3, 2\\]; ' +
        'layer.0.fc.bias is int32 \\[3\\], expected float32 \\[3\\]',
    ),
  );
});

it('names what a map does not know, in either direction', () => {
  expect(() => toOurs(map, new Map([['other', array([1])]]))).toThrow(/theirs: these weights are not known: other/);
  expect(() => toTheirs(map, new Map([['blocks.0.gate', array([1])]]))).toThrow(
    /has no names for these weights of ours: blocks.0.gate/,
  );
  const joined: NameMap = { source: 'theirs', rules: [{ theirs: 'qkv', ours: ['query', 'key', 'value'] }] };
  expect(() => toTheirs(joined, new Map([['query', array([1])]]))).toThrow(/these weights of ours are missing: key, value/);
  expect(() => toOurs(joined, new Map([['qkv', array([4, 2])]]))).toThrow(/qkv must hold 3 equal parts, got shape \[4, 2\]/);
});

it('what was read is what the model loads', () => {
  const params = loadStrict(spec, toOurs(map, right()));
  expect(params).toEqual(readWeights(map, spec, right()));
});
