/** The pages that run models, as a reader has them: the built site from a plain file server, in headless Chromium. */
import { appearances, chromium, openChromium, skippedWithoutChromium } from '@gmlp/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ServedFolder, serveFolder } from './serve-folder.ts';
import { buildTestSite } from './test-site/build-test-site.ts';

type Browser = Awaited<ReturnType<typeof openChromium>>;
type Page = Awaited<ReturnType<Browser['newPage']>>;

const name = `pages that run models ${chromium ? '' : skippedWithoutChromium}`;

describe.skipIf(!chromium)(name, () => {
  let site: ServedFolder;
  let browser: Browser;
  beforeAll(async () => {
    site = await serveFolder(await buildTestSite());
    browser = await openChromium();
  }, 240_000);
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  /** A page whose every request and error is kept. */
  async function open(path: string, options: Parameters<Browser['newPage']>[0] = {}) {
    const page = await browser.newPage(options);
    const elsewhere: string[] = [];
    const errors: string[] = [];
    page.on('request', (request) => {
      if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(site.url)) elsewhere.push(request.url());
    });
    page.on('pageerror', ({ message }) => errors.push(message));
    await page.goto(site.url + path);
    return { page, elsewhere, errors };
  }

  const phase = (page: Page, ...phases: string[]) =>
    page.waitForSelector(phases.map((each) => `.pg-status[data-phase=${each}]`).join(), { timeout: 120_000 });

  async function openTrainer(options: Parameters<Browser['newPage']>[0] = {}) {
    const opened = await open('/playground.html', options);
    await opened.page.getByText('Ready', { exact: true }).waitFor();
    return opened;
  }

  it('trains 20 steps on ort-wasm while the page stays free: the loss falls, filters form, masks are filled', async () => {
    const { page, elsewhere, errors } = await openTrainer();
    expect(await page.getByRole('radio', { name: /ort-wasm/ }).isChecked()).toBe(true);
    await page.getByLabel('Steps', { exact: true }).fill('20');
    await page.getByRole('button', { name: 'Train' }).click();
    await phase(page, 'training');
    // Were the steps computed by the page's own thread, it could not draw a frame within one.
    await page.evaluate(() => {
      const count = (): void => {
        const counter = globalThis as { framesDrawn?: number };
        counter.framesDrawn = (counter.framesDrawn ?? 0) + 1;
        requestAnimationFrame(count);
      };
      count();
    });
    await page.getByLabel('A sentence with [MASK]').fill('The people of the United [MASK].');
    await phase(page, 'finished', 'failed');
    expect(await page.locator('.pg-status').textContent()).toBe('Finished after step 20');
    expect(await page.evaluate(() => (globalThis as { framesDrawn?: number }).framesDrawn)).toBeGreaterThan(20);

    const label = (await page.locator('.pg-chart').getAttribute('aria-label'))!;
    const [first, last] = /^Loss by step: ([\d.]+) at first, ([\d.]+) at step 20$/.exec(label)!.slice(1).map(Number) as [
      number,
      number,
    ];
    expect(first).toBeGreaterThan(7); // 2048 pieces: ln 2048 is 7.6
    expect(last).toBeLessThan(first - 0.5);

    const drawn = await page.locator('.pg-map canvas').evaluateAll((canvases) =>
      (canvases as HTMLCanvasElement[]).map((canvas) => {
        const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
        const cell = (i: number, j: number): string =>
          data.slice(4 * (i * canvas.width + j), 4 * (i * canvas.width + j) + 4).join();
        return { size: canvas.width, toeplitz: cell(3, 9) === cell(40, 46), clear: data.every((byte) => byte === 0) };
      }),
    );
    expect(drawn).toEqual(Array(3).fill({ size: 64, toeplitz: true, clear: false }));

    await page.getByRole('button', { name: 'Fill' }).click();
    await page.locator('.pg-bars li').nth(4).waitFor();
    expect(await page.locator('.pg-sentence').textContent()).toMatch(/^The people of the United\s*mask\s*\.$/);
    expect([elsewhere, errors]).toEqual([[], []]);
    await page.close();
  });

  it('stops after a step and goes on from there', async () => {
    const { page } = await openTrainer();
    await page.getByRole('button', { name: 'Train' }).click();
    await phase(page, 'training');
    await page.getByRole('button', { name: 'Stop' }).click();
    await phase(page, 'stopped');
    const steps = Number(/Stopped after step (\d+)/.exec((await page.locator('.pg-status').textContent()) ?? '')![1]);
    await page.getByRole('button', { name: 'Go on' }).click();
    await phase(page, 'training');
    await page.getByRole('button', { name: 'Stop' }).click();
    await phase(page, 'stopped');
    expect(Number(/Stopped after step (\d+)/.exec((await page.locator('.pg-status').textContent()) ?? '')![1])).toBeGreaterThan(
      steps,
    );
    await page.close();
  });

  it.each(appearances)('fits $width px in the $colorScheme', async ({ width, height, colorScheme }) => {
    const { page } = await openTrainer({ viewport: { width, height }, colorScheme });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    const background = await page.evaluate(() => getComputedStyle(document.querySelector('input[type=number]')!).backgroundColor);
    expect(background).toBe(colorScheme === 'dark' ? 'rgb(27, 27, 31)' : 'rgb(255, 255, 255)');
    await page.close();
  });
});
