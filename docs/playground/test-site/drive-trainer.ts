/** What a reader does on the page that trains, and what the page then shows. */
import { readFile } from 'node:fs/promises';
import type { openChromium } from '@gmlp/testing';
import { expect } from 'vitest';

export type Browser = Awaited<ReturnType<typeof openChromium>>;
export type Page = Awaited<ReturnType<Browser['newPage']>>;

export const phase = (page: Page, ...phases: string[]) =>
  page.waitForSelector(phases.map((each) => `.pg-status[data-phase=${each}]`).join(), { timeout: 120_000 });

export const status = (page: Page): Promise<string | null> => page.locator('.pg-status').textContent();

export async function train(page: Page, model: string, steps: number): Promise<{ first: number; last: number }> {
  await page.getByRole('radio', { name: model, exact: true }).check();
  await page.getByLabel('Steps', { exact: true }).fill(String(steps));
  await page.getByRole('button', { name: /^Train( a new model)?$/ }).click();
  return losses(page, steps);
}

/** Of a training to its end. */
export async function losses(page: Page, steps: number): Promise<{ first: number; last: number }> {
  await phase(page, 'finished', 'failed');
  expect(await status(page)).toBe(`Finished after step ${steps}`);
  const label = await page.locator('.pg-chart').getAttribute('aria-label');
  const [, first, last, step] = /^Loss by step: ([\d.]+) at first, ([\d.]+) at step (\d+)$/.exec(label!)!.map(Number);
  expect(step).toBe(steps);
  return { first: first!, last: last! };
}

export async function guesses(page: Page, sentence: string): Promise<string[]> {
  await page.getByLabel('A sentence with [MASK]').fill(sentence);
  await page.getByRole('button', { name: 'Fill' }).click();
  await page.locator('.pg-bars li').nth(4).waitFor();
  return page.locator('.pg-bars li').allTextContents();
}

/** How a causal model goes on with a text, and the pieces that are the likeliest to come. */
export async function continued(page: Page, sentence: string): Promise<{ readonly text: string; readonly pieces: string[] }> {
  await page.getByLabel('How the text begins').fill(sentence);
  await page.getByRole('button', { name: 'Go on with it' }).click();
  await page.locator('.pg-bars li').nth(4).waitFor();
  return {
    text: (await page.locator('.pg-sentence').textContent())!,
    pieces: await page.locator('.pg-bars li').allTextContents(),
  };
}

/** A file as a reader chooses it. */
export const file = (name: string, content: string | Uint8Array) => ({
  name,
  mimeType: 'application/octet-stream',
  buffer: Buffer.from(content),
});

export async function download(page: Page, name: RegExp): Promise<Uint8Array<ArrayBuffer>> {
  const [saved] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name }).click()]);
  return new Uint8Array(await readFile(await saved.path()));
}
