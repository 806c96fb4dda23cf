import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { appearances, chromium, openChromium, skippedWithoutChromium } from '@gmlp/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { appendSteps, tinyRunFolder } from '../report/tiny-run-folder.ts';
import { writeRunState } from '../run/run-state.ts';
import { type Watching, watchRun } from './watch-run.ts';

let folder: string;
let watching: Watching;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gmlp-watch-'));
  await tinyRunFolder(folder, { state: { state: 'running', step: 30, steps: 90 } });
  watching = await watchRun(folder, { port: 0 });
});
afterEach(async () => {
  await watching.close();
  await rm(folder, { recursive: true });
});

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly tag: string | undefined;
}

/** `fetch` resolves `..` and sets the host by itself. */
function get(path: string, { host, method = 'GET' }: { host?: string; method?: string } = {}): Promise<Answer> {
  const { port } = new URL(watching.url);
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path, method, ...(host && { headers: { host } }) }, (response) => {
      let body = '';
      response.on('data', (part) => (body += part));
      response.on('end', () => resolve({ status: response.statusCode!, body, tag: response.headers['etag'] }));
    });
    asked.on('error', reject);
    asked.end();
  });
}

it('gives the content anew only when it changed', async () => {
  const first = await get('/content?');
  expect(first.status).toBe(200);
  expect(first.body).toContain('killed'); // it says that it runs, and nobody works on it
  expect(await get(`/content?${first.tag}`)).toMatchObject({ status: 204, body: '' });
  await appendSteps(folder, 31, 40);
  await writeRunState(folder, { state: 'stopped', step: 40, steps: 90 });
  const second = await get(`/content?${first.tag}`);
  expect(second.status).toBe(200);
  expect(second.body).toContain('step 40 of 90');
});

it.each(['evil.example', 'evil.example:80', '127.0.0.1', '[::1]:1', ''])('does not answer to the name %j', async (host) => {
  const name = host === '' ? ' ' : host;
  expect(['403', '400']).toContain(String((await get('/', { host: name })).status));
});

it('gives no file, whatever the path', async () => {
  for (const path of ['/run.json', '/../run.json', '/%2e%2e/etc/passwd', '//etc/passwd', '/content/../../x'])
    expect(await get(path)).toMatchObject({ status: 404 });
  expect(await get('/', { method: 'POST' })).toMatchObject({ status: 405 });
});

it('a port that is taken and a folder without a run are refused', async () => {
  const port = Number(new URL(watching.url).port);
  await expect(watchRun(folder, { port })).rejects.toThrow(/another program listens there; choose another with --port/);
  await expect(watchRun(join(folder, 'filters'), { port: 0 })).rejects.toMatchObject({ code: 'not-found' });
});

it.skipIf(!chromium)(
  `a browser shows it at a phone's and a desktop's width, light and dark, and follows the run ${skippedWithoutChromium}`,
  async () => {
    const browser = await openChromium();
    try {
      for (const { colorScheme, ...viewport } of appearances) {
        const page = await browser.newPage({ viewport, colorScheme });
        const problems: string[] = [];
        page.on('console', (message) => problems.push(message.text()));
        page.on('pageerror', (error) => problems.push(error.message));
        await page.goto(watching.url);
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(viewport.width);
        expect(await page.locator('svg.curve').count()).toBe(5);
        const light = await page.evaluate<number>('Number(getComputedStyle(document.body).backgroundColor.match(/\\d+/)[0])');
        expect(light > 128).toBe(colorScheme === 'light');
        expect(problems).toEqual([]);
        await page.close();
      }
      const page = await browser.newPage();
      await page.goto(watching.url);
      await page.evaluate('window.scrollTo(0, 700); document.querySelector("main").previousElementSibling.dataset.kept = "yes"');
      await writeRunState(folder, { state: 'finished', step: 90, steps: 90 });
      await page.getByText('step 90 of 90').waitFor();
      expect(await page.evaluate('[scrollY, document.querySelector("#live").dataset.kept]')).toEqual([700, 'yes']); // no reload
      await watching.close();
      await page.getByText('gmlp watch has ended').waitFor();
    } finally {
      await browser.close();
    }
  },
);
