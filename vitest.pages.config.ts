import { defineConfig } from 'vitest/config';
import { sourceProjects } from './tooling/vitest-projects.ts';

/** `pnpm test:pages`: the documentation's pages that run models, in a browser, as a reader has them. One test at a time drives it. */
export default defineConfig({ test: { maxWorkers: 1, projects: sourceProjects('**/*.pages.test.ts') } });
