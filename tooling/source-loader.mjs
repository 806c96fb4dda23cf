/**
 * `node --import ./tooling/source-loader.mjs file.ts`: runs the sources without a build, also in worker threads. Tests use it
 * where a program has to be a process of its own.
 */
import { register } from 'node:module';

register('./source-hooks.mjs', import.meta.url);
