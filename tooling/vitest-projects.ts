import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { TestProjectConfiguration } from 'vitest/config';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The export condition that resolves a workspace package to its source (see tsconfig.base.json). */
export const sourceCondition = 'gmlp-source';

/** TF.js's gradients are ES modules that Node cannot load by itself; our packages bundle them, vitest inlines them. */
export const inlined: RegExp[] = [/@gmlp\//, /tfjs-core\/dist\/(register_all_gradients|gradients)/];

/** One vitest project a package, named after its folder. */
export function projects(options: { conditions: string[]; inline: RegExp[]; include?: string[] }): TestProjectConfiguration[] {
  const folders = ['packages', 'apps'].flatMap((parent) =>
    existsSync(`${root}/${parent}`) ? readdirSync(`${root}/${parent}`).map((name) => `${parent}/${name}`) : [],
  );
  return [...folders, 'bench'].map((folder) => ({
    root: `${root}/${folder}`,
    resolve: { conditions: [...options.conditions, 'module', 'node'] },
    ssr: { resolve: { conditions: [...options.conditions, 'module', 'node'] } },
    test: {
      name: folder.replace(/^packages\//, ''),
      include: options.include ?? ['src/**/*.test.ts'],
      testTimeout: 60_000,
      server: { deps: { inline: options.inline } },
    },
  }));
}
