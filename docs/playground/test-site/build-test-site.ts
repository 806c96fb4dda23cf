import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The script behind a package's command of the same name. */
export function programOf(name: string): string {
  const manifest = createRequire(import.meta.url).resolve(`${name}/package.json`);
  const { bin } = JSON.parse(readFileSync(manifest, 'utf8')) as { readonly bin: Readonly<Record<string, string>> };
  return join(dirname(manifest), bin[name]!);
}

/** Builds the pages that run models, and gives the folder of the site. A process of its own: VitePress sets the environment. */
export async function buildTestSite(): Promise<string> {
  const args = [programOf('vitepress'), 'build', import.meta.dirname];
  const { status, stderr, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the site could not be built:\n${stdout}${stderr}`);
  return join(import.meta.dirname, '.vitepress/dist');
}
