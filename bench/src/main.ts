import { startSide } from './side-process.ts';
import { gmlpS6, removeTask, writeTask } from './task.ts';

const folder = await writeTask({ ...gmlpS6, blocks: Number(process.argv[2] ?? 6), batch: 2 }, 1);
const a = await startSide('py', process.env['GMLP_PYTHON']!, [
  new URL('../baselines/pytorch.py', import.meta.url).pathname,
  folder,
]);
const b = await startSide('wasm', process.execPath, [new URL('./tfjs-wasm.js', import.meta.url).pathname, folder]);
for (const s of [a, b]) {
  console.log(s.name, await s.ask('forward'));
  for (let i = 0; i < 3; i++) console.log(s.name, await s.ask('step'));
  console.log(await s.ask('peak').catch(String));
  await s.exit();
}
await removeTask(folder);
