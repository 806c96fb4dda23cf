/** The pages that run models as `pnpm --dir docs dev` and `pnpm --dir docs preview` show them, each a process of its own as there. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { LocalServer } from '@gmlp/testing';
import { programOf } from './build-test-site.ts';

const docs = join(import.meta.dirname, '../..');

export const developedTestSite = (): Promise<LocalServer> =>
  started(programOf('vitepress'), ['dev', import.meta.dirname, '--port', '0']);

export const previewedTestSite = (built: string): Promise<LocalServer> =>
  started(programOf('vite'), [
    'preview',
    '--config',
    join(docs, '.vitepress/preview.config.ts'),
    '--outDir',
    built,
    '--port',
    '0',
  ]);

/** When the server has told its address. */
async function started(program: string, args: readonly string[]): Promise<LocalServer> {
  // Colours, which Vite writes into a pipe too where CI is set, would stand in the middle of the address.
  const env = { ...process.env, NO_COLOR: '1' };
  const child = spawn(process.execPath, [program, ...args], { cwd: docs, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'exit');
  let said = '';
  const url = await new Promise<string | undefined>((resolve) => {
    const hear = (text: Buffer): void => {
      said += text.toString();
      const local = /Local:\s+(http:\/\/\S+?)\/?\s/.exec(said)?.[1];
      if (local !== undefined) resolve(local);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    void ended.then(() => resolve(undefined));
  });
  if (url === undefined) throw new Error(`${program} ${args.join(' ')} ended before it served anything:\n${said}`);
  return {
    url,
    async close() {
      child.kill();
      await ended;
    },
  };
}
