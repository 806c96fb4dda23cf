import { type Opener, unavailable } from '../opener.ts';

const fix = 'take a current Chrome, Edge, Safari or Firefox';

/** Throws where a page has no WebAssembly. */
export function expectWebAssembly(): void {
  if (typeof WebAssembly === 'undefined') throw unavailable('this browser has no WebAssembly, or the page forbids it', fix);
}

/** A module with one function, of instructions on 16 bytes at a time: i8x16.splat, i8x16.popcnt. */
const simdModule = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0],
  ...[10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11],
);

/** Throws where a page has no WebAssembly with SIMD, which ONNX Runtime's is made of. */
export function expectSimd(): void {
  expectWebAssembly();
  if (!WebAssembly.validate(simdModule)) throw unavailable('the WebAssembly of this browser has no SIMD', fix);
}

/** Why WebAssembly has no threads here, if it has none. */
export const oneThread: NonNullable<Opener['remark']> = () =>
  (globalThis as { crossOriginIsolated?: boolean }).crossOriginIsolated
    ? undefined
    : {
        reason: 'one thread only, as the page is not cross-origin isolated',
        fix: 'serve it with the headers Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp',
      };
