import { defineConfig } from 'vitest/config';
import { builtProjects, sourceProjects } from './tooling/vitest-projects.ts';

/**
 * `pnpm test:browser`: every device in Chromium, on the built packages as a bundler takes them, and the documentation's pages that run
 * models, as a reader has them. One test at a time drives a browser.
 */
const projects = [
  ...builtProjects('**/*.chromium.test.ts', ['packages/conformance']),
  ...sourceProjects('**/*.pages.test.ts', ['docs']),
];

export default defineConfig({ test: { maxWorkers: 1, projects } });
