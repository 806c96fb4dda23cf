/**
 * `bench browser`: the training step of the step benchmark in headless Chromium, on two threads of WebAssembly: gmlp on
 * `ort-wasm`, and plain TensorFlow.js; and gmlp on `ort-cpu` in Node, in the same run. They take turns, as in `step.ts`.
 */
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openAskedPage, openChromium, servePage } from '@gmlp/testing';
import { bundleForBrowser } from '../../tooling/bundle-for-browser.mjs';
import type { BenchSize } from './bench-size.ts';
import type { BrowserSide, BrowserTimes, ProductTimes } from './browser-report.ts';
import { type Answer, type Command, startSide } from './side-process.ts';
import { expectAgreement, type FirstAnswers, settle } from './step.ts';
import { productOperations } from './task.ts';
import { removeTask, writeTask } from './task-folder.ts';

export const threads = 2;
/** A step of the slowest side takes a quarter of that on two old cores. */
const seconds = 120;

interface OpenSide {
  readonly side: BrowserSide;
  readonly rounds: number;
  readonly warmups: number;
  ask(command: Command): Promise<Answer>;
  close(): Promise<void>;
}

const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const { resolve } = createRequire(import.meta.url);
const runtimes = ['onnxruntime-web/wasm', '@tensorflow/tfjs-backend-wasm'].map((name) => dirname(resolve(name)));

export async function measureBrowser(
  size: BenchSize,
  rounds: number,
  log: (line: string) => void,
): Promise<{ readonly times: BrowserTimes; readonly product: ProductTimes; readonly chromium: string }> {
  const folder = await writeTask(size.task, 1);
  // Not minified: TF.js gives the source of its wasm module to its threads, where shortened names mean nothing.
  const { start, files } = await bundleForBrowser(file('bench-page.js'), { lazy: true, minify: false });
  const served = await servePage(files, start[0]!, [folder, ...runtimes]);
  const browser = await openChromium();
  const sides: OpenSide[] = [];
  try {
    const fast = { rounds, warmups: 3 };
    const slow = { rounds: Math.min(rounds, size.slowRounds), warmups: 1 };
    const openPage = async (side: BrowserSide, name: string, turns: { rounds: number; warmups: number }): Promise<void> => {
      const page = await openAskedPage(browser, served.url(true), { seconds });
      sides.push({ side, ...turns, ask: (command) => page.ask<Answer>('obey', command), close: () => page.close() });
      await page.ask('openSide', name, threads);
    };
    const node = await startSide('ort-cpu', process.execPath, [file('gmlp.js'), folder, 'ort-cpu']);
    sides.push({ side: 'ortCpu', ...fast, ask: node.ask, close: node.exit });
    await openPage('ortWasm', 'ort-wasm', fast);
    await openPage('tfjsWasm', 'plain TensorFlow.js', slow);
    return {
      times: await takeTurns(sides, rounds, log),
      product: await timeProducts(size, sides, log),
      chromium: browser.version(),
    };
  } finally {
    await Promise.all(sides.map((side) => side.close()));
    await browser.close();
    await served.close();
    await removeTask(folder);
  }
}

async function takeTurns(sides: readonly OpenSide[], rounds: number, log: (line: string) => void): Promise<BrowserTimes> {
  const first: FirstAnswers[] = [];
  for (const { side, ask, warmups } of sides) {
    log(`${side}: warming up`);
    const forward = await ask('forward');
    const steps: Answer[] = [];
    for (let step = 0; step < warmups; step++) steps.push(await ask('step'));
    first.push({ side, forward, steps });
    await settle();
  }
  expectAgreement(first);
  const times: Record<BrowserSide, number[]> = { ortCpu: [], ortWasm: [], tfjsWasm: [] };
  for (let round = 0; round < rounds; round++) {
    log(`round ${round + 1} of ${rounds}`);
    for (const { side, ask } of sides.filter((each) => round < each.rounds)) {
      times[side].push((await ask('step')).ms);
      await settle();
    }
  }
  return times;
}

async function timeProducts(size: BenchSize, sides: readonly OpenSide[], log: (line: string) => void): Promise<ProductTimes> {
  log('one product of matrices alone');
  const times = { ortCpu: [] as number[], ortWasm: [] as number[] };
  for (let round = 0; round < size.slowRounds; round++) {
    for (const { side, ask } of sides) {
      if (side === 'tfjsWasm') continue;
      times[side].push((await ask('product')).ms);
      await settle();
    }
  }
  return { operations: productOperations(size.task), ...times };
}
