/**
 * `gmlp.js <task folder> <device>`: gmlp as a side of the step benchmark. With the device `trace`, only the time to trace; with
 * `passes <names>`, ort-cpu with the named graph passes alone.
 */
import { passes } from '@gmlp/compiler';
import { compiledDevice, ortCpu } from '@gmlp/devices/node';
import { openGmlp, openGmlpOn, timeTrace } from './gmlp-side.ts';
import { serveSide } from './serve-side.ts';
import { readTask } from './task.ts';

const [device, names = ''] = process.argv.slice(3);

await serveSide(async (folder) => {
  if (device === 'ort-cpu' || device === 'tfjs-wasm') return openGmlp(folder, device);
  if (device === 'passes') {
    const chosen = passes.filter(({ name }) => names.split(',').includes(name));
    return openGmlpOn(folder, compiledDevice('ort-cpu', await ortCpu(), chosen));
  }
  if (device !== 'trace') throw new Error(`expected the device ort-cpu or tfjs-wasm, trace or passes, got ${device}`);
  const loaded = await readTask(folder);
  return { trace: () => timeTrace(loaded) };
});
