/** A page of our own that is asked for one thing after another. */
import type { Browser } from 'playwright-core';

export interface AskedPage {
  /** Calls a function that the page's program has put on `globalThis`; arguments and answer are plain data. */
  ask<Answer>(name: string, ...args: readonly unknown[]): Promise<Answer>;
  close(): Promise<void>;
}

export interface AskedPageOptions {
  /** A page that has not answered by then is closed: whatever it is asked later fails at once. */
  readonly seconds: number;
}

/** Opens the page and waits until its program has run. Throws what the program throws. */
export async function openAskedPage(browser: Browser, url: string, { seconds }: AskedPageOptions): Promise<AskedPage> {
  const context = await browser.newContext();
  const page = await context.newPage();
  const problems: string[] = [];
  let hung: Error | undefined;
  page.on('pageerror', ({ message }) => problems.push(message));
  page.on('crash', () => problems.push('the page crashed'));

  const withinTime = async <T>(what: string, job: Promise<T>): Promise<T> => {
    job.catch(() => undefined);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        hung = new Error(`${what}: expected an answer of the page within ${seconds} s, got none; the page was closed`);
        reject(hung);
        void context.close().catch(() => undefined);
      }, seconds * 1000);
    });
    try {
      return await Promise.race([job, late]);
    } finally {
      clearTimeout(timer);
    }
  };

  await withinTime(`opening ${url}`, page.goto(url));
  if (problems.length > 0) throw new Error(`${url}: ${problems.join('; ')}`);
  return {
    async ask<Answer>(name: string, ...args: readonly unknown[]): Promise<Answer> {
      if (hung) throw new Error(`${name} was not asked, as an earlier question closed the page (${hung.message})`);
      const what = `${name}(${args.map(String).join(', ')})`;
      const job = page.evaluate(
        ([fn, given]) => (globalThis as unknown as Record<string, (...all: unknown[]) => Promise<Answer>>)[fn]!(...given),
        [name, args] as const,
      );
      try {
        return (await withinTime(what, job)) as Answer;
      } catch (error) {
        throw problems.length > 0 ? new Error(`${(error as Error).message} (${problems.splice(0).join('; ')})`) : error;
      }
    },
    close: () => context.close(),
  };
}
