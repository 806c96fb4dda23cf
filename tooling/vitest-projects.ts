import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProjectConfiguration } from 'vitest/config';
import { swiftshader } from './swiftshader.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Files that run at a time. Left to itself vitest leaves a core free, and of two cores one does nothing for much of the time. */
export const maxWorkers = 2;

const sourceLoader = new URL('./source-loader.mjs', import.meta.url).href;

/** The export condition that resolves a workspace package to its source (see tsconfig.base.json). */
const sourceCondition = 'gmlp-source';

/** TF.js's gradients are ES modules that Node cannot load by itself; our packages bundle them, vitest inlines them. */
const inlined: RegExp[] = [/@gmlp\//, /tfjs-core\/dist\/(register_all_gradients|gradients)/];

/** Whose tests start threads or processes of their own. */
const startThreads = ['apps/trainer', 'packages/text', 'packages/vision'];

type ProjectOptions = Exclude<TestProjectConfiguration, string | ((...args: never[]) => unknown) | Promise<unknown>>;
type Plugin = NonNullable<ProjectOptions['plugins']>[number];

/** Turns a test's import of a source file, `./gelu.ts`, into the file that was built from it, `../dist/gelu.js`. */
function importsBuilt(folder: string): Plugin {
  const source = join(folder, 'src');
  return {
    name: 'gmlp-imports-built',
    enforce: 'pre',
    resolveId(specifier, importer) {
      if (!importer || !specifier.startsWith('.') || !specifier.endsWith('.ts')) return null;
      const target = resolve(dirname(importer.split('?')[0]!), specifier);
      const path = relative(source, target);
      if (path.startsWith(`..${sep}`)) return null;
      const built = join(folder, 'dist', path.replace(/\.ts$/, '.js'));
      return existsSync(built) ? built : null; // what only tests use is not built
    },
  };
}

const published = ['packages', 'apps'].flatMap((parent) => readdirSync(join(root, parent)).map((name) => `${parent}/${name}`));

/** One vitest project a folder, named after it. */
function projects(names: string[], include: string, project: (folder: string) => ProjectOptions): TestProjectConfiguration[] {
  return names.map((name) => {
    const options = project(join(root, name));
    return {
      ...options,
      root: join(root, name),
      test: {
        ...options.test,
        name: name.replace(/^packages\//, ''),
        include: [include],
        exclude: ['**/node_modules/**', '**/dist/**', ...excludedFor(include)],
        // A process that starts anew for each file loads TF.js anew, which takes longer than most tests. Those of conformance have one
        // each, as they start and close devices, and TF.js has one engine a process.
        isolate: name === 'packages/conformance',
        env: swiftshader(),
        testTimeout: 60_000,
        hookTimeout: 60_000,
      },
    };
  });
}

/** Every test file: what the two main configurations take. */
const every = '**/*.test.ts';

/** Tests of minutes, which `pnpm test:bits` and `pnpm test:browser` run. */
const long = ['**/*.bits.test.ts', '**/*.chromium.test.ts', '**/*.pages.test.ts'];

const excludedFor = (include: string): string[] => (include === every ? long : []);

/** Tests on the sources: nothing has to be built. */
export function sourceProjects(
  include: string = every,
  names: string[] = [...published, 'bench', 'docs', 'tooling'],
): TestProjectConfiguration[] {
  const conditions = [sourceCondition, 'module', 'node'];
  return projects(names, include, (folder) => ({
    resolve: { conditions },
    ssr: { resolve: { conditions } },
    test: {
      server: { deps: { inline: inlined } },
      // Threads and processes that its tests start inherit the loader, and so run on the sources as well.
      ...(startThreads.some((name) => folder === join(root, name)) && { execArgv: ['--import', sourceLoader] }),
    },
  }));
}

/** The same tests on what is published: Node itself loads the built files, through the packages' own export maps. */
export function builtProjects(include: string = every, names: string[] = published): TestProjectConfiguration[] {
  return projects(names, include, (folder) => ({
    plugins: [importsBuilt(folder)],
    test: { server: { deps: { external: [/\/dist\//] } } },
  }));
}
