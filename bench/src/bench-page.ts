/** The program of a page of the benchmark in a browser: one side, on two threads. `browser.ts` opens it and asks. */
import { openDevice } from '@gmlp/devices';
import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { openTfjsWasm } from '../baselines/tfjs-wasm-side.ts';
import { openGmlp } from './gmlp-side.ts';
import { obey, type SideFunctions } from './side.ts';
import { type LoadedTask, loadTask, type Task } from './task.ts';

let side: SideFunctions;

async function fetchTask(): Promise<LoadedTask> {
  const task = (await (await fetch('task.json')).json()) as Task;
  return loadTask(task, new Float32Array(await (await fetch('values.f32')).arrayBuffer()));
}

async function openSide(name: 'ort-wasm' | 'plain TensorFlow.js', threads: number): Promise<void> {
  if (!globalThis.crossOriginIsolated) throw new Error('the page is not isolated, so that WebAssembly has no threads');
  (await import('onnxruntime-web/wasm')).env.wasm.numThreads = threads;
  setThreadsCount(threads);
  setWasmPaths('/');
  const task = await fetchTask();
  side = await (name === 'ort-wasm' ? openGmlp(await openDevice('ort-wasm'), task) : openTfjsWasm(task));
}

Object.assign(globalThis, { openSide, obey: (command: string) => obey(side, command) });
