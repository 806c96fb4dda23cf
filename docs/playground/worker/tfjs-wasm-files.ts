/** Tells TF.js's wasm backend where the page's own copies of its files are; otherwise it looks beside the script. */

import plain from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import threaded from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url';

let told: Promise<void> | undefined;

/** Loads the backend's script, and none of the files. */
export function findTfjsWasmFiles(): Promise<void> {
  told ??= import('@tensorflow/tfjs-backend-wasm').then(({ setWasmPaths }) =>
    setWasmPaths({
      'tfjs-backend-wasm.wasm': plain,
      'tfjs-backend-wasm-simd.wasm': simd,
      'tfjs-backend-wasm-threaded-simd.wasm': threaded,
    }),
  );
  return told;
}
