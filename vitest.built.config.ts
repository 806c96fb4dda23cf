import { defineConfig } from 'vitest/config';
import { builtProjects } from './tooling/vitest-projects.ts';

/** Every test, on the built packages (`pnpm build` first). */
export default defineConfig({ test: { projects: builtProjects('**/*.test.ts') } });
