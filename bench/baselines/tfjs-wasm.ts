/** `tfjs-wasm.js <task folder>`: plain TensorFlow.js as a side of the step benchmark, in Node. */
import { serveSide } from '../src/serve-side.ts';
import { readTask } from '../src/task-folder.ts';
import { openTfjsWasm } from './tfjs-wasm-side.ts';

await serveSide(async (folder) => openTfjsWasm(await readTask(folder)));
