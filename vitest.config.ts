import { defineConfig } from 'vitest/config';
import { maxWorkers, sourceProjects } from './tooling/vitest-projects.ts';

/** Every test but those of minutes, on the sources. */
export default defineConfig({ test: { maxWorkers, projects: sourceProjects() } });
