import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path/posix';
import { defineConfig, type UserConfig } from 'tsdown';

/**
 * The one way in which every package here is built: ESM for Node >= 20.19 and browsers, declarations, source maps. One file of
 * dist a source file, with all of its exports: the tests run on the built files too (vitest.built.config.ts).
 */
export function library(entry: Record<string, string>, overrides: UserConfig = {}): UserConfig {
  const unbundle = overrides.unbundle ?? true;
  return defineConfig({
    entry: unbundle ? eachFileBehind(Object.values(entry)) : entry,
    unbundle,
    format: 'esm',
    platform: 'neutral',
    target: 'es2022',
    dts: { oxc: true },
    sourcemap: true,
    fixedExtension: false,
    clean: true,
    logLevel: 'warn',
    deps: { neverBundle: [/^node:/] },
    ...overrides,
  }) as UserConfig;
}

/** Every file of `src` that some files import, near or far, as entries: a bundler drops exports that no entry mentions. */
function eachFileBehind(files: readonly string[]): Record<string, string> {
  const found = new Set(files);
  for (const file of found) {
    // Sets grow while they are walked.
    for (const [, specifier] of readFileSync(file, 'utf8').matchAll(/(?:from|import)\s*\(?\s*'(\.[^']*\.ts)'/g)) {
      found.add(join(dirname(file), specifier!));
    }
  }
  return Object.fromEntries([...found].map((file) => [file.replace(/^src\//, '').replace(/\.ts$/, ''), file]));
}
