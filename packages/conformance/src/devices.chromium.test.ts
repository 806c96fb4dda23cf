/**
 * The device suite in headless Chromium, each device in a page of its own, and what a page is told when its GPU fails; on the
 * built packages, as a bundler takes them. Needs Chromium; its SwiftShader plays the GPU.
 */
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type AskedPage,
  chromium,
  openAskedPage,
  openChromium,
  type ServedPage,
  servePage,
  skippedWithoutChromium,
  softwareWebgpu,
} from '@gmlp/testing';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { bundleForBrowser } from '../../../tooling/bundle-for-browser.mjs';
import { deviceChecks } from './device-checks.ts';
import { gpuFailures } from './gpu-failures.ts';
import type { OpErrors } from './op-errors.ts';
import { recordSupport } from './support-table.ts';

interface Case {
  readonly title: string;
  readonly device: string;
  readonly threads: number;
}

const cases: readonly Case[] = [
  { title: 'tfjs-wasm', device: 'tfjs-wasm', threads: 2 },
  { title: 'ort-wasm, 1 thread', device: 'ort-wasm', threads: 1 },
  { title: 'ort-wasm, 2 threads', device: 'ort-wasm', threads: 2 },
  { title: 'tfjs-webgpu', device: 'tfjs-webgpu', threads: 1 },
  { title: 'ort-webgpu', device: 'ort-webgpu', threads: 1 },
];

/** The models whose shaders take a GPU in software half a minute each are trained on WebGPU in Node, but for one. */
const checksOf = (device: string): typeof deviceChecks =>
  device.endsWith('webgpu')
    ? deviceChecks.filter(({ name }) => !name.endsWith('training steps with AdamW') || name.startsWith('gMLP:'))
    : deviceChecks;

const { resolve } = createRequire(import.meta.url);
/** Where the runtimes' `.wasm` files are. */
const runtimes = ['onnxruntime-web/wasm', '@tensorflow/tfjs-backend-wasm'].map((name) => dirname(resolve(name)));

const machine = (chromiumVersion: string, device: string): string =>
  [
    `Chromium ${chromiumVersion}`,
    `${process.platform} ${process.arch}`,
    ...(device.endsWith('webgpu') ? ['SwiftShader'] : []),
  ].join(', ');

/** A check takes a second or two; on a GPU in software those that compile many shaders take ten times as long. */
const seconds = 110;
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

describe.skipIf(!chromium)(`in Chromium ${skippedWithoutChromium}`, () => {
  let browser: Browser;
  let served: ServedPage;
  beforeAll(async () => {
    const program = fileURLToPath(new URL('checks-page.ts', import.meta.url));
    // Not minified: TF.js gives the source of its wasm module to its threads, where shortened names mean nothing.
    const { start, files } = await bundleForBrowser(program, { lazy: true, minify: false });
    served = await servePage(files, start[0]!, runtimes);
    browser = await openChromium(softwareWebgpu);
  });
  afterAll(async () => {
    await browser?.close();
    await served?.close();
  });

  describe.each(cases)('$title', ({ title, device, threads }) => {
    let page: AskedPage;
    beforeAll(async () => {
      page = await openAskedPage(browser, served.url(threads > 1), { seconds });
      await page.ask('useThreads', threads);
      expect(await page.ask('isolated')).toBe(threads > 1);
    });
    afterAll(() => page?.close());

    const found: OpErrors[] = [];
    it.each(checksOf(device))('$name', async ({ name }) => {
      found.push(...(await page.ask<OpErrors[]>('check', device, name)));
    });
    it('the table of support in the documentation is of these ops', () =>
      recordSupport('browser', title, machine(browser.version(), device), found));
  });

  describe('a GPU that fails is told within five seconds, and one opened anew works', () => {
    let page: AskedPage;
    beforeAll(async () => {
      page = await openAskedPage(browser, served.url(false), { seconds });
    });
    afterAll(() => page?.close());

    it.each(gpuFailures)('$name', ({ name }) => page.ask('fail', name));
  });

  it('a page makes a tokenizer of its own texts and trains a model on them', async () => {
    const page = await openAskedPage(browser, served.url(true), { seconds });
    await page.ask('useThreads', 2);
    const texts = ['the best of times,', 'the worst of times,', 'the age of wisdom,', 'the age of foolishness,'];
    const sentences = texts.flatMap((first) => texts.map((second) => `it was ${first} it was ${second}`));
    const losses = await page.ask<number[]>('trainOn', sentences, 30, 'ort-wasm');
    const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(mean(losses.slice(-5))).toBeLessThan(0.8 * mean(losses.slice(0, 5)));
    await page.close();
  });
});
