import { defineConfig, type UserConfig } from 'tsdown';

/** The one way in which every package here is built: ESM for Node >= 20.19 and browsers, declarations, source maps. */
export function library(entry: Record<string, string>, overrides: UserConfig = {}): UserConfig {
  return defineConfig({
    entry,
    format: 'esm',
    platform: 'neutral',
    target: 'es2022',
    dts: { oxc: true },
    sourcemap: true,
    fixedExtension: false,
    clean: true,
    unbundle: true, // one file of dist a source file: the tests run on the built files too (vitest.built.config.ts)
    logLevel: 'warn',
    deps: { neverBundle: [/^node:/] },
    ...overrides,
  }) as UserConfig;
}
