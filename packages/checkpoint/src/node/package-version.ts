import { readFile } from 'node:fs/promises';

/** This package's version, from the package.json that lies as far above the sources as above the built files. */
export async function packageVersion(): Promise<string> {
  const { version } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string };
  return version;
}
