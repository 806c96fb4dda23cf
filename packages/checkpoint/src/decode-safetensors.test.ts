import { GmlpError, type HostArray, hostArray } from '@gmlp/base';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeSafetensors } from './decode-safetensors.ts';
import { encodeSafetensors } from './encode-safetensors.ts';

/** A file from a header given as text and the bytes that follow it. */
function file(header: string, content: Uint8Array = new Uint8Array()): Uint8Array {
  const text = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + text.length + content.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  bytes.set(content, 8 + text.length);
  return bytes;
}

const one = (dtype: string, content: ArrayBufferView, count = 1): Uint8Array =>
  file(
    JSON.stringify({ x: { dtype, shape: [count], data_offsets: [0, content.byteLength] } }),
    new Uint8Array(content.buffer, content.byteOffset, content.byteLength),
  );

const anyArray: fc.Arbitrary<HostArray> = fc
  .tuple(
    fc.constantFrom('float32', 'int32', 'uint32', 'bool' as const),
    fc.array(fc.nat(4), { maxLength: 3 }),
    fc.infiniteStream(fc.integer()),
  )
  .map(([dtype, shape, stream]) => {
    const values = stream.take(shape.reduce((a, b) => a * b, 1));
    switch (dtype) {
      case 'float32':
        return hostArray(
          'float32',
          shape,
          Float32Array.from(values, (value) => value / 7),
        );
      case 'int32':
        return hostArray('int32', shape, Int32Array.from(values));
      case 'uint32':
        return hostArray('uint32', shape, Uint32Array.from(values));
      default:
        return hostArray(
          'bool',
          shape,
          Uint8Array.from(values, (value) => value & 1),
        );
    }
  });

const anyTensors = fc
  .array(fc.tuple(fc.string({ unit: 'grapheme' }), anyArray), { maxLength: 5 })
  .map((entries) => new Map(entries.filter(([name]) => name !== '__metadata__')));
const anyMetadata = fc.array(fc.tuple(fc.string(), fc.string()), { maxLength: 3 }).map((entries) => new Map(entries));

describe('encodeSafetensors and decodeSafetensors', () => {
  it('give back what was written', () => {
    fc.assert(
      fc.property(anyTensors, anyMetadata, (tensors, metadata) => {
        const read = decodeSafetensors(encodeSafetensors(tensors, metadata));
        expect(new Map([...read.tensors].sort())).toEqual(new Map([...tensors].sort()));
        expect(new Map([...read.metadata].sort())).toEqual(new Map([...metadata].sort()));
      }),
    );
  });

  it('write the same bytes whatever the order of the tensors', () => {
    fc.assert(
      fc.property(anyTensors, (tensors) => {
        expect(encodeSafetensors(new Map([...tensors].reverse()))).toEqual(encodeSafetensors(tensors));
      }),
    );
  });

  it('write exactly the published layout', () => {
    const bytes = encodeSafetensors(new Map([['b', hostArray('float32', [1], Float32Array.of(1))]]), new Map([['format', 'pt']]));
    const header = '{"__metadata__":{"format":"pt"},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}';
    const padded = header.padEnd(Math.ceil(header.length / 8) * 8);
    expect(bytes).toEqual(file(padded, Uint8Array.of(0, 0, 0x80, 0x3f)));
  });

  it('keep names that objects treat specially', () => {
    const tensors = new Map(
      ['__proto__', 'constructor', '7', '07', 'a"b\\"c:'].map((name) => [name, hostArray('int32', [], Int32Array.of(3))]),
    );
    const read = decodeSafetensors(encodeSafetensors(tensors));
    expect([...read.tensors.keys()].sort()).toEqual([...tensors.keys()].sort());
    expect(Object.getPrototypeOf({})).toBe(Object.prototype);
  });

  it('keep long texts in the metadata', () => {
    const metadata = new Map([['notes', '"x\\\\\n": '.repeat(1e5) + 'x'.repeat(1e7)]]);
    expect(decodeSafetensors(encodeSafetensors(new Map(), metadata)).metadata.get('notes') === metadata.get('notes')).toBe(true);
  });

  it('say format: pt unless other metadata is given', () => {
    expect(decodeSafetensors(encodeSafetensors(new Map())).metadata).toEqual(new Map([['format', 'pt']]));
    expect(decodeSafetensors(encodeSafetensors(new Map(), new Map())).metadata).toEqual(new Map());
  });

  it('read from an odd address', () => {
    const bytes = encodeSafetensors(new Map([['x', hostArray('float32', [2], Float32Array.of(1, 2))]]));
    const shifted = new Uint8Array(bytes.length + 1);
    shifted.set(bytes, 1);
    expect(decodeSafetensors(shifted.subarray(1)).tensors.get('x')!.data).toEqual(Float32Array.of(1, 2));
    expect(decodeSafetensors(Buffer.from(bytes)).tensors.get('x')!.data).toEqual(Float32Array.of(1, 2)); // from Node's pool
  });
});

describe('decodeSafetensors converts', () => {
  const read = (bytes: Uint8Array): number[] => [...decodeSafetensors(bytes).tensors.get('x')!.data];

  it('half floats', () => {
    const halves = Uint16Array.of(0x3c00, 0xc000, 0x7bff, 0x0001, 0x0400, 0x7c00, 0x8000);
    expect(read(one('F16', halves, 7))).toEqual([1, -2, 65504, 2 ** -24, 2 ** -14, Number.POSITIVE_INFINITY, -0]);
  });

  it('brain floats', () => {
    expect(read(one('BF16', Uint16Array.of(0x3f80, 0xc040, 0x7f80), 3))).toEqual([1, -3, Number.POSITIVE_INFINITY]);
  });

  it('floats of 8 bits', () => {
    // 1, -1.75 and the largest of each; the smallest; and what is no number (E4M3 has no infinity)
    expect(read(one('F8_E4M3', Uint8Array.of(0x38, 0xbe, 0x7e, 0x01, 0x08, 0x7f, 0x80), 7))).toEqual([
      1,
      -1.75,
      448,
      2 ** -9,
      2 ** -6,
      Number.NaN,
      -0,
    ]);
    expect(read(one('F8_E5M2', Uint8Array.of(0x3c, 0xbf, 0x7b, 0x01, 0x7c, 0xfe, 0x80), 7))).toEqual([
      1,
      -1.75,
      57344,
      2 ** -16,
      Number.POSITIVE_INFINITY,
      Number.NaN,
      -0,
    ]);
  });

  it('doubles and long integers that fit, and refuses those that do not', () => {
    expect(read(one('F64', Float64Array.of(0.5, Number.NEGATIVE_INFINITY), 2))).toEqual([0.5, Number.NEGATIVE_INFINITY]);
    expect(read(one('I64', BigInt64Array.of(-(2n ** 31n), 2n ** 31n - 1n), 2))).toEqual([-(2 ** 31), 2 ** 31 - 1]);
    expect(() => read(one('F64', Float64Array.of(1, 1e300), 2))).toThrow(/"x" of F64 whose element 1 is 1e\+300/);
    expect(() => read(one('I64', BigInt64Array.of(2n ** 31n)))).toThrow(/element 0 is 2147483648/);
    expect(() => read(one('U64', BigUint64Array.of(2n ** 64n - 1n)))).toThrow(/not a int32/);
  });

  it('bytes that are masks, and refuses other bytes', () => {
    expect(decodeSafetensors(one('BOOL', Uint8Array.of(0, 1), 2)).tensors.get('x')!.dtype).toBe('bool');
    expect(() => read(one('BOOL', Uint8Array.of(2)))).toThrow(/element 0 is 2/);
  });
});

describe('one tensor or text that is not read', () => {
  const header =
    '{"a":{"dtype":"C64","shape":[1],"data_offsets":[0,8]},"b":{"dtype":"F4","shape":[2],"data_offsets":[8,9]},' +
    '"c":{"dtype":"Q7","shape":[5],"data_offsets":[9,10],"since":{"version":[1.5e3,true,null]}},' +
    '"x":{"dtype":"I8","shape":[2],"data_offsets":[10,12]},"__metadata__":null}';
  const bytes = file(header, Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 7, 8));

  it('hides no other', () => {
    const { tensors, metadata } = decodeSafetensors(bytes, 'x', (name) => name === 'x');
    expect(tensors).toEqual(new Map([['x', hostArray('int32', [2], Int32Array.of(7, 8))]]));
    expect(metadata).toEqual(new Map());
  });

  it.each(['a', 'b', 'c'])('is refused by its name: %s', (wanted) => {
    expect(() => decodeSafetensors(bytes, 'x', (name) => name === wanted)).toThrow(`x has tensor "${wanted}" of type "`);
  });
});

describe('decodeSafetensors refuses', () => {
  const four = new Uint8Array(4);
  const entry = (fields: Record<string, unknown>): string =>
    JSON.stringify({ x: { dtype: 'F32', shape: [1], data_offsets: [0, 4], ...fields } });
  const cases: [string, Uint8Array, RegExp][] = [
    ['fewer than eight bytes', new Uint8Array(7), /has 7 bytes/],
    ['a header longer than the file', file('{}').subarray(0, 9), /ends after 1/],
    ['a header longer than the format allows', new Uint8Array(8).fill(255), /more than the format allows/],
    ['a header that is not UTF-8', file('{"\u0000"}').fill(0xff, 9, 10), /not JSON/],
    ['a header that is not JSON', file('{"x"'), /not JSON/],
    ['a header that is a list', file('[]'), /not a JSON object/],
    ['a header that starts with space', file(' {}'), /not a JSON object/],
    ['an entry that is no object', file('{"x": 3}'), /something else than an object/],
    ['a type that is not read', file(entry({ dtype: 'F4', shape: [8] }), four), /"x" of type "F4", which is not read; .* F32, /],
    ['a type of another age', file(entry({ dtype: 'Q3' }), four), /"x" of type "Q3", which is not read/],
    ['fractions of a byte', file(entry({ dtype: 'F4', shape: [7] }), four), /\[7\] of F4 needs 3\.5 bytes, the header gives 4/],
    ['a negative extent', file(entry({ shape: [-1] }), four), /not a list of extents/],
    ['a fractional extent', file(entry({ shape: [0.5] }), four), /not a list of extents/],
    ['an endless product', file(entry({ shape: [2 ** 52, 2 ** 52] }), four), /needs/],
    ['offsets that run backwards', file(entry({ data_offsets: [4, 0] }), four), /not \[begin, end\]/],
    [
      'offsets beyond the file',
      file(entry({ shape: [2], data_offsets: [0, 8] }), four),
      /describes 8 bytes of tensors but holds 4/,
    ],
    ['a gap', file(entry({ data_offsets: [4, 8] }), new Uint8Array(8)), /neither overlap nor leave gaps/],
    ['appended bytes', file(entry({}), new Uint8Array(5)), /holds 5/],
    ['a size that is not the shape’s', file(entry({ shape: [2] }), four), /needs 8 bytes, the header gives 4/],
    [
      'overlapping tensors',
      file('{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"y":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}', four),
      /overlap/,
    ],
    [
      'a name given twice',
      file('{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}', four),
      /twice/,
    ],
    ['a field given twice', file('{"x":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}', four), /twice/],
    [
      'fields lent by __proto__',
      file('{"x":{"__proto__":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}}', four),
      /"x" whose dtype is not a string/,
    ],
    [
      'a type that is deeply nested',
      file(`{"x":{"dtype":${'['.repeat(1e5)}${']'.repeat(1e5)}}}`),
      /"x" whose dtype is not a string/,
    ],
    ['more axes than there are', file(entry({ shape: Array(65).fill(1) }), four), /at most 64/],
    ['a number in another form', file(entry({}).replace('[1]', '[1e0]'), four), /not a list of extents/],
    ['a number past what is exact', file(entry({ shape: [0] }).replace('4]', '9007199254740993]'), four), /not \[begin, end\]/],
    ['an unknown field that is deeply nested', file(`{"x":{"more":${'['.repeat(1e5)}${']'.repeat(1e5)}}}`), /127 deep/],
    ['metadata given twice', file('{"__metadata__":{},"__metadata__":{}}'), /"__metadata__" twice/],
    ['a text given twice', file('{"__metadata__":{"a":"","\\u0061":""}}'), /"a" in its __metadata__ twice/],
    ['a field that is deeply nested', file(`{"x":${'['.repeat(1e5)}${']'.repeat(1e5)}}`), /something else than an object/],
    ['metadata that is no object', file('{"__metadata__": 1}'), /not an object/],
    ['metadata that is no string', file('{"__metadata__": {"a": 1}}'), /"a" that is not a string/],
  ];
  it.each(cases)('%s', (_, bytes, message) => {
    expect(() => decodeSafetensors(bytes, 'model.safetensors')).toThrow(message);
    expect(() => decodeSafetensors(bytes, 'model.safetensors')).toThrow('decodeSafetensors: model.safetensors ');
  });

  it('a damaged file with an error of its own, and never reads outside it', () => {
    const healthy = encodeSafetensors(
      new Map<string, HostArray>([
        ['w', hostArray('float32', [2, 3], new Float32Array(6).fill(0.5))],
        ['ids', hostArray('int32', [4], Int32Array.of(1, 2, 3, 4))],
        ['mask', hostArray('bool', [3], Uint8Array.of(1, 0, 1))],
      ]),
      new Map([['k', 'v']]),
    );
    const position = fc.nat(healthy.length - 1);
    const damage = fc.oneof(
      fc.tuple(position, fc.nat(255)).map(([at, byte]) => healthy.with(at, byte)),
      position.map((length) => healthy.slice(0, length)),
      fc.tuple(position, position).map(([a, b]) => new Uint8Array([...healthy.subarray(0, a), ...healthy.subarray(b)])),
      fc.uint8Array({ maxLength: 200 }),
    );
    fc.assert(
      fc.property(damage, (bytes) => {
        try {
          decodeSafetensors(bytes);
        } catch (error) {
          expect(GmlpError.isInstance(error) && error.code).toBe('invalid-data');
        }
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['a name', new Map([['x\ud800', hostArray('int32', [], Int32Array.of(1))]]), new Map()],
    ['metadata', new Map(), new Map([['x', '\udc00\ud800']])],
    ['the name of metadata', new Map(), new Map([['\udfff', 'x']])],
  ])('to write half of a surrogate pair as %s', (_, tensors, metadata) => {
    expect(() => encodeSafetensors(tensors, metadata)).toThrow(/half of a surrogate pair/);
    expect(encodeSafetensors(new Map([['😀', hostArray('int32', [], Int32Array.of(1))]])).length).toBeGreaterThan(8);
  });

  it('to write a tensor under the name that the format reserves', () => {
    expect(() => encodeSafetensors(new Map([['__metadata__', hostArray('int32', [], Int32Array.of(1))]]))).toThrow(/reserved/);
  });
});

it('a header of more tensors or texts than any model has is refused before they fill the memory', () => {
  const most = 2 ** 18;
  const many = (count: number): string[] =>
    Array.from({ length: count }, (_, i) => `"${i}":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}`);
  expect(() => decodeSafetensors(file(`{${many(most + 1)}}`), 'big.safetensors')).toThrow(
    /big\.safetensors names more than 262144 tensors/,
  );
  const texts = Array.from({ length: most + 1 }, (_, i) => `"${i}":""`);
  expect(() => decodeSafetensors(file(`{"__metadata__":{${texts}}}`), 'big')).toThrow(
    /big has a __metadata__ of more than 262144/,
  );
});
