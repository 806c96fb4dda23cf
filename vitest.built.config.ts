import { defineConfig } from 'vitest/config';
import { builtProjects, maxWorkers } from './tooling/vitest-projects.ts';

/** Every test, on the built packages (`pnpm build` first). */
export default defineConfig({ test: { maxWorkers, projects: builtProjects('**/*.test.ts') } });
