/**
 * `gmlp.js <task folder> <device>`: gmlp as a side of the step benchmark. With the device `trace`, only the time to trace; with
 * `passes <names>`, ort-cpu with the named graph passes alone.
 */
import { passes } from '@gmlp/compiler';
import { compiledDevice, openDevice, ortCpu } from '@gmlp/devices/node';
import { openGmlp } from './gmlp-side.ts';
import { serveSide } from './serve-side.ts';
import { readTask } from './task-folder.ts';
import { timeTrace } from './time-trace.ts';

const [device, names = ''] = process.argv.slice(3);

await serveSide(async (folder) => {
  const loaded = await readTask(folder);
  if (device === 'ort-cpu' || device === 'tfjs-wasm') return openGmlp(await openDevice(device), loaded);
  if (device === 'passes') {
    const chosen = passes.filter(({ name }) => names.split(',').includes(name));
    return openGmlp(compiledDevice('ort-cpu', await ortCpu(), chosen), loaded);
  }
  if (device !== 'trace') throw new Error(`expected the device ort-cpu or tfjs-wasm, trace or passes, got ${device}`);
  return { trace: () => timeTrace(loaded) };
});
