import { defineConfig } from 'vitest/config';
import { inlined, projects, sourceCondition } from './tooling/vitest-projects.ts';

/** Every package's tests, on the sources. */
export default defineConfig({ test: { projects: projects({ conditions: [sourceCondition], inline: inlined }) } });
