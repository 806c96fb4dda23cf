/** `pnpm --dir docs preview`: the built site, isolated as in `vite.ts`. VitePress's own preview sends no headers. */
import { defineConfig } from 'vite';
import { isolation } from '../../packages/testing/src/local-server.ts';

export default defineConfig({
  root: import.meta.dirname,
  appType: 'mpa', // a page that does not exist is not answered with another
  build: { outDir: 'dist' },
  preview: { headers: isolation },
});
