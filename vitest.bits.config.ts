import { defineConfig } from 'vitest/config';
import { sourceProjects } from './tooling/vitest-projects.ts';

/** `pnpm test:bits`: whether every call gives the same bits, at sizes where threads share the work. One file at a time. */
export default defineConfig({ test: { maxWorkers: 1, projects: sourceProjects('**/*.bits.test.ts') } });
