/**
 * AdamW's update (adamw-loop.ts) in WebAssembly, four elements at a time. A block of each array is copied into the module's own
 * memory, which fits a core's cache, updated there, and copied back. The module is written out below, 250 bytes.
 */
import type { AdamWLoop } from './adamw-plain-loop.ts';

const block = 8192; // elements of each array: 4 * 32 KiB

/** The loop in WebAssembly, or undefined where it cannot be compiled. */
export function vectorLoop(): AdamWLoop | undefined {
  let exports: { memory: WebAssembly.Memory; update(bytes: number, ...coefficients: number[]): void };
  try {
    exports = new WebAssembly.Instance(new WebAssembly.Module(moduleBytes())).exports as typeof exports;
  } catch {
    return undefined;
  }
  const parts = [0, 1, 2, 3].map((part) => new Float32Array(exports.memory.buffer, part * block * 4, block));
  const [p, g, m, v] = parts as [Float32Array, Float32Array, Float32Array, Float32Array];
  return (parameter, gradient, mean, variance, coefficients) => {
    for (let start = 0; start < parameter.length; start += block) {
      const end = Math.min(start + block, parameter.length);
      const here = { p: parameter.subarray(start, end), m: mean.subarray(start, end), v: variance.subarray(start, end) };
      p.set(here.p);
      g.set(gradient.subarray(start, end));
      m.set(here.m);
      v.set(here.v);
      const count = end - start;
      exports.update(Math.ceil(count / 4) * 16, ...coefficients); // a last vector that is not full computes on leftovers
      here.p.set(count === block ? p : p.subarray(0, count));
      here.m.set(count === block ? m : m.subarray(0, count));
      here.v.set(count === block ? v : v.subarray(0, count));
    }
  };
}

/**
 * (module
 *   (memory (export "memory") 2)
 *   (func (export "update") (param $bytes i32) (param $keep f32) ... (param $epsilon f32)
 *     for ($at = 0; $at < $bytes; $at += 16) { the formula, on the vectors at $at of the four blocks }))
 */
function moduleBytes(): Uint8Array<ArrayBuffer> {
  const [i32, f32, v128] = [0x7f, 0x7d, 0x7b];
  const unsigned = (value: number): number[] => (value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)]);
  const signed = (value: number): number[] => (value < 0x40 ? [value] : [(value & 0x7f) | 0x80, ...signed(value >>> 7)]);
  const section = (id: number, content: number[]): number[] => [id, ...unsigned(content.length), ...content];
  const name = (text: string): number[] => [text.length, ...new TextEncoder().encode(text)];
  const simd = (opcode: number): number[] => [0xfd, ...unsigned(opcode)];

  const [bytes, firstCoefficient, at, mean, variance] = [0, 1, 9, 10, 11];
  const get = (local: number): number[] => [0x20, local];
  const set = (local: number): number[] => [0x21, local];
  const coefficient = (index: number): number[] => [...get(firstCoefficient + index), ...simd(0x13)]; // f32x4.splat
  const load = (part: number): number[] => [...get(at), ...simd(0x00), 4, ...unsigned(part * block * 4)];
  const store = (part: number, value: number[]): number[] => [
    ...get(at),
    ...value,
    ...simd(0x0b),
    4,
    ...unsigned(part * block * 4),
  ];
  const sqrt = (x: number[]): number[] => [...x, ...simd(0xe3)];
  const add = (x: number[], y: number[]): number[] => [...x, ...y, ...simd(0xe4)];
  const sub = (x: number[], y: number[]): number[] => [...x, ...y, ...simd(0xe5)];
  const mul = (x: number[], y: number[]): number[] => [...x, ...y, ...simd(0xe6)];
  const div = (x: number[], y: number[]): number[] => [...x, ...y, ...simd(0xe7)];
  const [keep, b1, c1, b2, c2, size, inverseRoot, epsilon] = Array.from({ length: 8 }, (_, i) => coefficient(i)) as [
    number[],
    number[],
    number[],
    number[],
    number[],
    number[],
    number[],
    number[],
  ];
  const [p, g, m, v] = [0, 1, 2, 3] as const;
  const body = [
    2,
    1,
    i32,
    2,
    v128, // locals: at; mean, variance
    0x03,
    0x40, // loop
    ...add(mul(b1, load(m)), mul(c1, load(g))),
    ...set(mean),
    ...add(mul(b2, load(v)), mul(c2, mul(load(g), load(g)))),
    ...set(variance),
    ...store(m, get(mean)),
    ...store(v, get(variance)),
    ...store(p, sub(mul(keep, load(p)), div(mul(size, get(mean)), add(mul(sqrt(get(variance)), inverseRoot), epsilon)))),
    ...get(at),
    0x41,
    ...signed(16),
    0x6a,
    0x22,
    at, // at += 16
    ...get(bytes),
    0x48,
    0x0d,
    0, // while at < bytes
    0x0b,
    0x0b,
  ];
  return Uint8Array.from([
    0x00,
    0x61,
    0x73,
    0x6d,
    1,
    0,
    0,
    0,
    ...section(1, [1, 0x60, 9, i32, ...Array<number>(8).fill(f32), 0]), // one type: (i32, 8 x f32) -> ()
    ...section(3, [1, 0]),
    ...section(5, [1, 0, (4 * block * 4) / 65536]),
    ...section(7, [2, ...name('memory'), 2, 0, ...name('update'), 0, 0]),
    ...section(10, [1, ...unsigned(body.length), ...body]),
  ]);
}
