import { defineConfig } from 'vitest/config';
import { builtProjects, maxWorkers } from './tooling/vitest-projects.ts';

/** Every test but those of minutes, on the built packages (`pnpm build` first). */
export default defineConfig({ test: { maxWorkers, projects: builtProjects() } });
