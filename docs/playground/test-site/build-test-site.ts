import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Builds the pages that run models, and gives the folder of the site. A process of its own: VitePress sets the environment. */
export async function buildTestSite(): Promise<string> {
  const vitepress = join(dirname(createRequire(import.meta.url).resolve('vitepress/package.json')), 'bin/vitepress.js');
  const { status, stderr, stdout } = spawnSync(process.execPath, [vitepress, 'build', import.meta.dirname], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the site could not be built:\n${stdout}${stderr}`);
  return join(import.meta.dirname, '.vitepress/dist');
}
