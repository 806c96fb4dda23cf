/**
 * Headless Chromium for tests of pages: Debian's, or the one that `GMLP_CHROMIUM` names. Tests that need it skip themselves
 * where there is none.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium as playwright } from 'playwright-core';

/** The program, or undefined where there is none. */
export const chromium: string | undefined = [process.env['GMLP_CHROMIUM'], '/usr/bin/chromium'].find(
  (path) => path !== undefined && path !== '' && existsSync(path),
);

export const skippedWithoutChromium = '(skipped without /usr/bin/chromium or GMLP_CHROMIUM)';

/** Arguments that give pages WebGPU where there is no GPU: Chromium brings SwiftShader. */
export const softwareWebgpu: readonly string[] = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'];

/** What a page has to look right in. */
export interface Appearance {
  readonly width: number;
  readonly height: number;
  readonly colorScheme: 'light' | 'dark';
}

/** A phone's width and a desktop's, light and dark. */
export const appearances: readonly Appearance[] = [360, 1280].flatMap((width) =>
  (['light', 'dark'] as const).map((colorScheme) => ({ width, height: 800, colorScheme })),
);

/**
 * A fresh profile each time; nothing that would look for a network. Chromium has a temporary folder of its own, which goes when it is
 * closed and when this process ends: one that is killed leaves files there.
 */
export async function openChromium(args: readonly string[] = []): Promise<Browser> {
  const temporary = mkdtempSync(join(tmpdir(), 'c-')); // a short name, as Chromium makes a socket in it
  const remove = (): void => rmSync(temporary, { recursive: true, force: true, maxRetries: 5 });
  try {
    const browser = await playwright.launch({
      executablePath: chromium!,
      env: { ...process.env, TMPDIR: temporary },
      args: [
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--disable-quic',
        '--no-first-run',
        ...args,
      ],
    });
    process.once('exit', remove); // after Playwright's handler, which kills Chromium
    browser.once('disconnected', () => {
      process.off('exit', remove);
      remove();
    });
    return browser;
  } catch (error) {
    remove();
    throw error;
  }
}
