import { defineConfig } from 'vitest/config';
import { sourceProjects } from './tooling/vitest-projects.ts';

/** Every test, on the sources. */
export default defineConfig({ test: { projects: sourceProjects('**/*.test.ts') } });
