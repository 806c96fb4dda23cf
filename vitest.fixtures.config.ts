import { defineConfig } from 'vitest/config';
import { maxWorkers, sourceProjects } from './tooling/vitest-projects.ts';

/** Exactly the tests on golden values. GMLP_FIXTURES names another directory of fixtures. */
export default defineConfig({ test: { maxWorkers, projects: sourceProjects('**/*.fixtures.test.ts') } });
