/** `gmlp.js <task folder> <device>`: gmlp as a side of the step benchmark. With the device `trace`, only the time to trace. */
import { openGmlp, timeTrace } from './gmlp-side.ts';
import { serveSide } from './serve-side.ts';
import { readTask } from './task.ts';

const device = process.argv[3];

await serveSide(async (folder) => {
  if (device === 'ort-cpu' || device === 'tfjs-wasm') return openGmlp(folder, device);
  if (device !== 'trace') throw new Error(`expected the device ort-cpu or tfjs-wasm, or trace, got ${device}`);
  const loaded = await readTask(folder);
  return { trace: () => timeTrace(loaded) };
});
